package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.testing.StandaloneCluster;
import io.github.lsgspark.torch.Bfloat16Speed;
import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.training.engine.ReplicaContext;
import io.github.lsgspark.training.engine.ReplicaHosts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replicas in executor JVMs of their own train one model together. */
@Timeout(400)
class ClusterTrainingTest {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterTrainingTest.class);

  private static final String RUN =
      """
      data {
        train = "drawn:novel", label-budget = 6
        drawn { base-classes = 2, novel-classes = 6, train-per-class = 6, test-per-class = 1 }
      }
      prompts { train = 4, heldout = 0 }
      embedding.encoder = lexical
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
  private static TinyTraining squeezeNet;
  private static TinyTraining tiny;

  @BeforeAll
  static void start() throws Exception {
    spark = StandaloneCluster.start(folder.resolve("spark-home"));
    squeezeNet = new TinyTraining(spark, folder.resolve("squeezenet"), RUN);
    tiny = new TinyTraining(spark, folder.resolve("tiny"));
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static double[] losses(int replicas, String name) {
    squeezeNet.run("train.replicas = " + replicas, name);
    assertThat(squeezeNet.metrics(name).path("replicas").asInt()).isEqualTo(replicas);
    double[] losses = squeezeNet.losses(name);
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

  /** The least capable of them decides for all; here all are this machine. */
  @Test
  void hostsAreAskedBeforeTheTraining() {
    ReplicaHosts hosts = ReplicaHosts.await(spark.sparkContext(), 0, true, Duration.ofSeconds(60));
    assertThat(hosts.count()).isEqualTo(2);
    assertThat(hosts.haveMatrixUnits()).isEqualTo(Bfloat16Speed.ofMatrixUnits());
    ReplicaHosts one = ReplicaHosts.await(spark.sparkContext(), 1, true, Duration.ofSeconds(60));
    assertThat(one.count()).isOne();
    assertThat(one.haveMatrixUnits()).isEqualTo(Bfloat16Speed.ofMatrixUnits());
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

  /**
   * With statistics that do not depend on the replica, two executors of one core follow one replica
   * with two cores. The guided loss is about 11; how far its last bit grows in a hundred steps
   * differs between processors: 5.5e-4 was seen with the kernels for AVX2, 1.4e-4 and 1.1e-5 with
   * those for AMX, below 1e-4 and 1e-5 elsewhere.
   */
  @ParameterizedTest
  @CsvSource({
    "synchronized, false, 1e-5",
    "frozen, false, 1e-5",
    "synchronized, true, 2e-3",
    "frozen, true, 1e-4"
  })
  void hundredStepsWithBatchNormalisation(String statistics, boolean guided, double tolerance)
      throws Exception {
    String changes =
        "train { iterations = 100, learning-rate = 0.0002, validate-every = 0, batch-norm = "
            + statistics
            + " }, ssl.strategy = none";
    String name = statistics + guided;
    NativeTorch.setThreads(2);
    String alone =
        new TrainingProgram(tiny.plan(changes, name + "-alone", guided))
            .run(new ReplicaContext(Collective.single(), ComputeDevice.cpu(), 2, 1, () -> false));
    tiny.run(changes + ", train.replicas = 2", name, guided);
    JsonNode one = new ObjectMapper().readTree(alone);
    JsonNode two = tiny.metrics(name);
    for (JsonNode metrics : new JsonNode[] {one, two}) {
      LOG.warn(
          "{}, {} replica(s): {} images/s, all-reduce {}",
          name,
          metrics.path("replicas"),
          metrics.path("images_per_second"),
          metrics.path("all_reduce_share"));
    }
    JsonNode expected = one.path("loss");
    double[] losses = tiny.losses(name);
    assertThat(losses).hasSize(100);
    for (int step = 0; step < losses.length; step++) {
      assertThat(losses[step])
          .as("step %d", step)
          .isCloseTo(expected.get(step).asDouble(), within(tolerance));
    }
    assertThat(two.path("all_reduce_share").asDouble()).isBetween(0.001, 0.999);
  }
}
