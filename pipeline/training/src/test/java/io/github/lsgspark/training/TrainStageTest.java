package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.torch.ComputeDevice;
import java.nio.file.Path;
import java.util.List;
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
      embedding.encoder = lexical
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
  private static TinyTraining tiny;
  private static int runs;

  @BeforeAll
  static void prepareData() {
    spark = LocalSpark.session();
    tiny = new TinyTraining(spark, folder, TINY);
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

  /** Trains into a new folder and returns its name. */
  private static String train(String changes, boolean guided) {
    String name = "train" + runs++;
    tiny.run(changes, name, guided);
    return name;
  }

  /** The loss of every step of a new training. */
  private static double[] curve(String changes, boolean guided) {
    return tiny.losses(train(changes, guided));
  }

  private static void assertClose(double[] curve, double[] expected, double tolerance) {
    assertThat(curve).hasSameSizeAs(expected);
    for (int step = 0; step < curve.length; step++) {
      assertThat(curve[step])
          .as("step %d", step)
          .isCloseTo(expected[step], within(tolerance * expected[step]));
    }
  }

  @Test
  void guidedTrainingWritesAWholeModelThatScoresImages() {
    String name = train("", true);
    Path out = folder.resolve(name);
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
    assertThat(tiny.losses(name)).hasSize(4).doesNotContain(Double.NaN);
    assertThat(tiny.metrics(name).get("wait_share").asDouble()).isBetween(0.0, 1.0);
    HadoopFiles files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    try (TrainedModel model =
        TrainedModel.load(
            files,
            out.toString(),
            TrainedModel.LAST,
            SettingsLoader.parse("").prepare(),
            ComputeDevice.cpu())) {
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
  void theSameSeedGivesTheSameNumbersAndAnotherDoesNot() {
    double[] first = curve("", true);
    assertThat(curve("", true)).isEqualTo(first);
    assertThat(curve("seed = 2", true)).isNotEqualTo(first);
    String pairs = "train.augmentation.views = weak-strong\n";
    double[] strong = curve(pairs + "train.input.prefetch-bytes = 0", true);
    assertThat(strong).isNotEqualTo(first);
    assertThat(curve(pairs + "train.input.threads = 3", true)).isEqualTo(strong);
  }

  @Test
  void twoReplicasTakeTheStepsOfOne() {
    for (boolean guided : new boolean[] {false, true}) {
      double[] one = curve("train.replicas = 1", guided);
      double[] two = curve("train.replicas = 2", guided);
      assertClose(two, one, 1e-4);
    }
  }

  @Test
  void pseudoLabelsBringTheUnlabelledSamplesIn() {
    double[] without = curve("", true);
    double[] with = curve("ssl { strategy = pseudo-label, weight = 0.5 }", true);
    assertThat(with[0]).isGreaterThan(without[0]);
    assertThat(curve("ssl { strategy = pseudo-label, weight = 0 }", true)).isEqualTo(without);
  }

  @Test
  void everyBackboneAndProjectorTrains() {
    for (String change :
        List.of(
            "lsg.projector = mlp",
            "lsg.mode = official",
            "train { backbone = small-cnn, precision = bfloat16 }",
            "train { backbone = resnet20-cifar, freeze = [conv1, layer1] }",
            "train { views = 1, schedule.kind = cosine, gradient-clip = 1 }")) {
      assertThat(curve(change, true))
          .as(change)
          .hasSize(4)
          .doesNotContain(Double.NaN, Double.POSITIVE_INFINITY);
    }
  }

  /** SqueezeNet has no batch normalisation, so parts of a batch differ by summation order only. */
  @Test
  void accumulatedPartsOfABatchAreTheBatch() {
    double[] whole = curve("", false);
    assertClose(curve("train.accumulation = 2", false), whole, 1e-5);
    assertClose(curve("train.accumulation = 3", false), whole, 1e-5);
  }

  /** A replica that sees its own half of the batch graph only has another loss. */
  @Test
  void aBatchGraphOfTheReplicasOwnIsAnotherLoss() {
    double[] global = curve("train.replicas = 2", true);
    double[] local = curve("train.replicas = 2, lsg.batch-graph = local", true);
    assertThat(local).hasSize(4).doesNotContain(Double.NaN, Double.POSITIVE_INFINITY);
    assertThat(Math.abs(local[0] - global[0])).isGreaterThan(1e-3);
    assertThat(curve("lsg.batch-graph = local", true)).isEqualTo(curve("", true));
  }

  /**
   * Gradients that travel as bfloat16 are off by 2^-8 at most: the first step's loss is the same,
   * the later ones are near.
   */
  @Test
  void gradientsMayTravelAsBfloat16() {
    double[] exact = curve("train.replicas = 2", true);
    double[] rounded = curve("train { replicas = 2, exchange.dtype = bfloat16 }", true);
    assertThat(rounded[0]).isEqualTo(exact[0]);
    assertThat(rounded).isNotEqualTo(exact);
    assertClose(rounded, exact, 1e-2);
  }
}
