package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.cluster.LocalSpark;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.PrepareStage;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.embedding.EmbedStage;
import io.github.lsgspark.gcn.GcnStage;
import io.github.lsgspark.graph.GraphStage;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.torch.ComputeDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainStageTest {
  private static final String TINY =
      """
      data {
        train = "drawn:novel", label-budget = "50%", validation-fraction = 0.2
        drawn { image-size = 48, base-classes = 4, novel-classes = 5
                train-per-class = 10, test-per-class = 2 }
      }
      prompts { train = 3, heldout = 2 }
      embedding.lexical { dimensions = 8, features = 512 }
      graph.edge-ratio = 0.3
      gcn { iterations = 5, evaluate-every = 5 }
      train {
        backbone = squeezenet1_1, image-size = 48, iterations = 4, global-batch = 6
        precision = float32, log-every = 2
      }
      """;

  @TempDir static Path folder;
  private static SparkSession spark;
  private static int runs;

  @BeforeAll
  static void prepareData() {
    spark = LocalSpark.session();
    Settings settings = SettingsLoader.parse(TINY);
    PrepareStage.run(spark, settings, at("prepare"));
    HadoopFiles files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    EmbedStage.run(spark, settings, SampleTable.labels(files, at("prepare")), at("embed"));
    GraphStage.run(spark, settings, at("embed"), at("graph"));
    GcnStage.run(spark, settings, at("graph"), at("gcn"));
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

  private static String at(String name) {
    return folder.resolve(name).toString();
  }

  /** Trains into a new folder. */
  private static Path train(String changes, boolean guided) {
    Path out = folder.resolve("train" + runs++);
    TrainStage.run(
        spark,
        SettingsLoader.parse(TINY + changes),
        at("prepare"),
        guided ? Optional.of(at("graph")) : Optional.empty(),
        guided ? Optional.of(at("gcn")) : Optional.empty(),
        Optional.empty(),
        out.toString(),
        out + "-running");
    return out;
  }

  private static List<Double> curve(Path out) throws IOException {
    JsonNode metrics = new ObjectMapper().readTree(Files.readString(out.resolve("metrics.json")));
    List<Double> curve = new ArrayList<>();
    metrics.get("loss").forEach(loss -> curve.add(loss.asDouble()));
    return curve;
  }

  @Test
  void guidedTrainingWritesAWholeModelThatScoresImages() throws IOException {
    Path out = train("", true);
    for (String file :
        List.of(
            "model.safetensors",
            "model-validation.safetensors",
            "prototypes.safetensors",
            "model.json",
            "labels.json",
            "checkpoints/last.safetensors")) {
      assertThat(out.resolve(file)).isNotEmptyFile();
    }
    assertThat(curve(out)).hasSize(4).allSatisfy(loss -> assertThat(loss).isFinite());
    JsonNode metrics = new ObjectMapper().readTree(Files.readString(out.resolve("metrics.json")));
    assertThat(metrics.get("wait_share").asDouble()).isBetween(0.0, 1.0);
    HadoopFiles files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    try (TrainedModel model =
        TrainedModel.load(files, out.toString(), TrainedModel.LAST, ComputeDevice.cpu())) {
      float[][] views = new float[2][3 * 48 * 48];
      TrainedModel.Scores scores = model.score(views);
      assertThat(model.classes()).isEqualTo(5);
      assertThat(scores.logits()).hasNumberOfRows(2);
      assertThat(scores.logits()[0]).hasSize(5).isEqualTo(scores.logits()[1]);
      assertThat(scores.cosines()[0]).hasSize(5);
      for (float cosine : scores.cosines()[0]) {
        assertThat(cosine).isBetween(-1.0001f, 1.0001f);
      }
    }
  }

  @Test
  void theSameSeedGivesTheSameNumbersAndAnotherDoesNot() throws IOException {
    List<Double> first = curve(train("", true));
    assertThat(curve(train("", true))).isEqualTo(first);
    assertThat(curve(train("seed = 2", true))).isNotEqualTo(first);
    String pairs = "train.augmentation.views = weak-strong\n";
    List<Double> strong = curve(train(pairs + "train.input.prefetch-bytes = 0", true));
    assertThat(strong).isNotEqualTo(first);
    assertThat(curve(train(pairs + "train.input.threads = 3", true))).isEqualTo(strong);
  }

  @Test
  void twoReplicasTakeTheStepsOfOne() throws IOException {
    for (boolean guided : new boolean[] {false, true}) {
      List<Double> one = curve(train("train.replicas = 1", guided));
      List<Double> two = curve(train("train.replicas = 2", guided));
      assertThat(two).hasSameSizeAs(one);
      for (int step = 0; step < one.size(); step++) {
        assertThat(two.get(step)).isCloseTo(one.get(step), within(1e-4 * one.get(step)));
      }
    }
  }

  @Test
  void pseudoLabelsBringTheUnlabelledSamplesIn() throws IOException {
    List<Double> without = curve(train("", true));
    List<Double> with = curve(train("ssl { strategy = pseudo-label, weight = 0.5 }", true));
    assertThat(with.get(0)).isGreaterThan(without.get(0));
    assertThat(curve(train("ssl { strategy = pseudo-label, weight = 0 }", true)))
        .isEqualTo(without);
  }

  @Test
  void everyBackboneAndProjectorTrains() throws IOException {
    for (String change :
        List.of(
            "lsg.projector = mlp",
            "lsg.mode = official",
            "train { backbone = small-cnn, precision = bfloat16 }",
            "train { backbone = resnet20-cifar, freeze = [conv1, layer1] }",
            "train { views = 1, schedule.kind = cosine, gradient-clip = 1 }")) {
      assertThat(curve(train(change, true)))
          .as(change)
          .hasSize(4)
          .allSatisfy(loss -> assertThat(loss).isFinite());
    }
  }
}
