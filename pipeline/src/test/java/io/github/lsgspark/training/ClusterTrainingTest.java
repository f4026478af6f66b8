package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.cluster.StandaloneCluster;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.PrepareStage;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.embedding.EmbedStage;
import io.github.lsgspark.gcn.GcnStage;
import io.github.lsgspark.graph.GraphStage;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Replicas in executor JVMs of their own train one model together. */
@Timeout(400)
class ClusterTrainingTest {
  private static final String RUN =
      """
      data {
        train = "drawn:novel", label-budget = 6
        drawn { base-classes = 2, novel-classes = 6, train-per-class = 6, test-per-class = 1 }
      }
      prompts { train = 4, heldout = 0 }
      graph.edge-ratio = 0.1
      gcn.iterations = 50
      train {
        backbone = squeezenet1_1, image-size = 32, global-batch = 7, iterations = 12
        precision = float32, learning-rate = 0.001, log-every = 4, timeout-seconds = 60
        schedule.kind = constant
      }
      """;

  @TempDir static Path folder;
  private static SparkSession spark;
  private static HadoopFiles files;

  @BeforeAll
  static void start() throws Exception {
    spark = StandaloneCluster.start(folder.resolve("spark-home"));
    files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    Settings settings = SettingsLoader.parse(RUN);
    PrepareStage.run(spark, settings, path("prepare"));
    EmbedStage.run(spark, settings, SampleTable.labels(files, path("prepare")), path("embed"));
    GraphStage.run(spark, settings, path("embed"), path("graph"));
    GcnStage.run(spark, settings, path("graph"), path("gcn"));
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static String path(String name) {
    return folder.resolve(name).toUri().toString();
  }

  private static double[] losses(int replicas, String name) {
    Settings settings = SettingsLoader.parse(RUN + "train.replicas = " + replicas);
    TrainStage.run(
        spark,
        settings,
        path("prepare"),
        Optional.of(path("graph")),
        Optional.of(path("gcn")),
        Optional.empty(),
        path(name));
    JsonNode metrics = Json.read(files, path(name) + "/metrics.json");
    assertThat(metrics.path("replicas").asInt()).isEqualTo(replicas);
    JsonNode curve = metrics.path("loss");
    double[] losses = new double[curve.size()];
    for (int i = 0; i < losses.length; i++) {
      losses[i] = curve.get(i).asDouble();
    }
    assertThat(losses).hasSize(12);
    return losses;
  }

  @Test
  void executorsAreProcessesOfTheirOwn() {
    Set<Long> processes =
        new TreeSet<>(
            JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(List.of(1, 2, 3, 4, 5, 6, 7, 8), 8)
                .map(
                    i -> {
                      Thread.sleep(300);
                      return ProcessHandle.current().pid();
                    })
                .collect());
    assertThat(processes).hasSize(2).doesNotContain(ProcessHandle.current().pid());
  }

  /**
   * SqueezeNet has no batch normalisation, so replicas differ from one by summation order only. The
   * rate is small: where training is unstable, the last bit decides what a step becomes.
   */
  @Test
  void twoReplicasFollowTheLossCurveOfOne() {
    double[] one = losses(1, "one");
    double[] two = losses(2, "two");
    for (int step = 0; step < one.length; step++) {
      assertThat(two[step]).as("step %d", step).isCloseTo(one[step], within(2e-5));
    }
    assertThat(losses(2, "again")).containsExactly(two);
    assertThat(one[11]).isNotEqualTo(one[0]);
  }
}
