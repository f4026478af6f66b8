package io.github.lsgspark.gcn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.GcnSettings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.graph.CsrMatrix;
import io.github.lsgspark.graph.TextGraph;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/** What the GCN can do beyond the reference: other optimizer, start and arithmetic. */
class GcnOptionsTest {
  private static final int CLASSES = 12;
  private static final int PROMPTS = 5;
  private static final int DIMENSION = 32;

  /**
   * Class directions with noise and a large part that all share; every node joined with the next.
   */
  private static TextGraph texts(long seed) {
    int nodes = CLASSES * PROMPTS;
    SplittableRandom random = new SplittableRandom(seed);
    SplittableRandom directions = new SplittableRandom(1);
    float[][] means = new float[CLASSES][DIMENSION];
    for (float[] mean : means) {
      for (int d = 0; d < DIMENSION; d++) {
        mean[d] = (float) directions.nextGaussian() + 4;
      }
    }
    float[] vectors = new float[nodes * DIMENSION];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] =
          means[i / (PROMPTS * DIMENSION)][i % DIMENSION] + 0.3f * (float) random.nextGaussian();
    }
    int[] rows = new int[2 * nodes];
    int[] columns = new int[2 * nodes];
    double[] weights = new double[2 * nodes];
    for (int i = 0; i < nodes; i++) {
      rows[2 * i] = i;
      columns[2 * i] = i;
      weights[2 * i] = 1;
      rows[2 * i + 1] = i;
      columns[2 * i + 1] = i - i % PROMPTS + (i + 1) % PROMPTS;
      weights[2 * i + 1] = 0.5;
    }
    String[] labels = new String[CLASSES];
    Arrays.setAll(labels, c -> "label " + c);
    return new TextGraph(
        labels, PROMPTS, DIMENSION, vectors, CsrMatrix.of(nodes, rows, columns, weights));
  }

  private static GcnGraph graph(TextGraph texts) {
    try (TensorScope scope = new TensorScope()) {
      return new GcnGraph(
          texts.adjacency().normalized(texts::nodeName),
          Tensors.of(texts.embeddings(), texts.nodes(), DIMENSION),
          texts.nodeClasses(),
          Dtype.FLOAT32,
          ComputeDevice.cpu());
    }
  }

  private static GcnPlan plan(String hocon, boolean heldout) {
    GcnSettings settings = SettingsLoader.parse("gcn { " + hocon + " }").gcn();
    return GcnPlan.of(settings, GcnPlan.precision(settings, false, () -> false), heldout);
  }

  private static GcnSettings.Precision precision(String hocon, boolean gpu, boolean faster) {
    return GcnPlan.precision(
        SettingsLoader.parse("gcn { " + hocon + " }").gcn(), gpu, () -> faster);
  }

  private static GcnTrainer.Result train(String hocon, GcnWeights start) {
    GcnPlan plan = plan("schedule = official, momentum = 0.9, evaluate-every = 10, " + hocon, true);
    try (GcnGraph training = graph(texts(2));
        GcnGraph heldout = graph(texts(3))) {
      return new GcnTrainer(plan, ComputeDevice.cpu()).train(training, Optional.of(heldout), start);
    }
  }

  private static GcnWeights random() {
    return GcnWeights.initialize(DIMENSION, CLASSES, 4);
  }

  @Test
  void adamStepsByTheMeanGradientOverItsSize() {
    try (TensorScope scope = new TensorScope();
        GcnOptimizer adam = new GcnOptimizer(GcnSettings.Optimizer.ADAM, 0.1, 0.9, 0)) {
      Tensor weight = Tensors.of(new double[] {1, -2}, 2);
      adam.step(weight, Tensors.of(new double[] {0.5, -4}, 2), 0);
      assertThat(Tensors.doubles(weight)).containsExactly(new double[] {0.9, -1.9}, within(1e-7));
      // Mean gradients 0.05 and -0.4 become 0.9 x that + 0.1 x (1, 0); both corrections apply.
      adam.step(weight, Tensors.of(new double[] {1, 0}, 2), 0);
      double first = 0.1 * (0.145 / 0.19) / Math.sqrt((0.999 * 0.00025 + 0.001) / 0.001999);
      double second = 0.1 * (-0.36 / 0.19) / Math.sqrt(0.999 * 0.016 / 0.001999);
      assertThat(Tensors.doubles(weight))
          .containsExactly(new double[] {0.9 - first, -1.9 - second}, within(1e-7));
    }
  }

  @Test
  void classMeansTellClassesApartBeforeTraining() {
    try (GcnGraph training = graph(texts(2));
        GcnGraph heldout = graph(texts(3));
        Gcn plain = new Gcn(random(), Dtype.FLOAT32, ComputeDevice.cpu());
        Gcn started =
            new Gcn(
                ClassMeansStart.of(training, random(), Dtype.FLOAT32, ComputeDevice.cpu()),
                Dtype.FLOAT32,
                ComputeDevice.cpu());
        TensorScope scope = new TensorScope()) {
      assertThat(plain.evaluate(heldout).accuracy()).isLessThan(0.4);
      assertThat(started.evaluate(heldout).accuracy()).isGreaterThan(0.95);
    }
  }

  @Test
  void bfloat16TrainsAsFloat32Does() {
    GcnTrainer.Result exact =
        train("iterations = 60, optimizer = adam, learning-rate = 0.002", random());
    GcnTrainer.Result half =
        train(
            "iterations = 60, optimizer = adam, learning-rate = 0.002, precision = bfloat16",
            random());
    GcnTrainer.Look first = exact.looks().get(0);
    GcnTrainer.Look last = exact.looks().get(5);
    assertThat(last.heldoutLoss()).isLessThan(first.heldoutLoss() - 0.05);
    assertThat(last.heldoutAccuracy()).isGreaterThan(0.9);
    assertThat(half.looks().get(5).heldoutLoss())
        .isCloseTo(last.heldoutLoss(), within(0.02))
        .isNotEqualTo(last.heldoutLoss());
  }

  /** What a schedule leaves open is its own; what is set stays. */
  @Test
  void schedulesSetWhatIsLeftToThem() {
    GcnPlan reference =
        new GcnPlan(
            false,
            GcnSettings.Optimizer.SGD,
            5005,
            0.01,
            0.9,
            1e-4,
            500,
            3,
            GcnSettings.Precision.FLOAT32,
            false);
    assertThat(plan("schedule = official", true)).isEqualTo(reference);
    assertThat(plan("schedule = official", false)).isEqualTo(reference);
    GcnPlan early = plan("schedule = early-stopping", true);
    assertThat(early.early()).isTrue();
    assertThat(early.iterations()).isEqualTo(5005);
    assertThat(early.optimizer()).isEqualTo(GcnSettings.Optimizer.SGD);

    GcnPlan fast = plan("", true);
    assertThat(fast)
        .isEqualTo(
            plan(
                "schedule = early-stopping, optimizer = adam, learning-rate = 0.0003, iterations ="
                    + " 1000, evaluate-every = 10, patience = 5, start = class-means",
                true));
    assertThat(plan("precision = bfloat16", true).toString())
        .isEqualTo(
            "at most 1000 iterations of Adam, learning rate 3.0E-4, bfloat16, from the class means");
    // Nothing tells when to end.
    assertThat(plan("", false).early()).isFalse();
    assertThat(plan("", false).iterations()).isEqualTo(300);
    // The fast schedule takes what the driver is faster at; what is set stays.
    assertThat(precision("", false, true)).isEqualTo(GcnSettings.Precision.BFLOAT16);
    assertThat(precision("", true, false)).isEqualTo(GcnSettings.Precision.BFLOAT16);
    assertThat(precision("", false, false)).isEqualTo(GcnSettings.Precision.FLOAT32);
    assertThat(precision("schedule = official", true, true))
        .isEqualTo(GcnSettings.Precision.FLOAT32);
    assertThat(precision("precision = float64", true, true))
        .isEqualTo(GcnSettings.Precision.FLOAT64);
    GcnPlan own = plan("iterations = 7, optimizer = sgd, start = random, patience = 2", true);
    assertThat(own.iterations()).isEqualTo(7);
    assertThat(own.patience()).isEqualTo(2);
    assertThat(own.optimizer()).isEqualTo(GcnSettings.Optimizer.SGD);
    assertThat(own.classMeans()).isFalse();
  }

  @Test
  void whatNoPlanCanBeMadeOfIsRefused() {
    assertThatThrownBy(() -> plan("schedule = early-stopping", false))
        .hasMessageContaining("prompts.heldout = 0");
    assertThatThrownBy(() -> plan("iterations = many", true))
        .hasMessageContaining("gcn: iterations must be auto or a number, but was: many");
    assertThatThrownBy(() -> plan("iterations = 2.5", true))
        .hasMessageContaining("iterations must be auto or a whole number, but was: 2.5");
    assertThatThrownBy(() -> plan("learning-rate = 0", true))
        .hasMessageContaining("learning-rate must be auto or in [1.0E-12, 1000.0], but was: 0");
  }

  @Test
  void theNearestMeanNeedsNoGraph() {
    assertThat(NearestMean.accuracy(texts(2), texts(3))).isEqualTo(1);
    float[] swapped = texts(3).embeddings().clone();
    int half = swapped.length / 2;
    System.arraycopy(swapped, 0, swapped, half, half);
    TextGraph wrong =
        new TextGraph(texts(3).labels(), PROMPTS, DIMENSION, swapped, texts(3).adjacency());
    assertThat(NearestMean.accuracy(texts(2), wrong)).isEqualTo(0.5);
  }
}
