package io.github.lsgspark.lsg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.golden.GoldenCase;
import io.github.lsgspark.graph.CsrMatrix;
import io.github.lsgspark.graph.TextGraph;
import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What holds for the branch beyond the reference's numbers. */
class LsgBranchTest {
  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  /** Two classes of two prompts, D = 2; edges as given, weights W1 = W2 = identity. */
  private static LsgBranch tiny(CsrMatrix graph) {
    return new LsgBranch(
        graph,
        2,
        Tensors.of(new float[] {1, 0, 1, 0, 0, 1, 0, 1}, 4, 2),
        Tensors.of(new float[] {1, 0, 0, 1}, 2, 2),
        Tensors.of(new float[] {1, 0, 0, 1}, 2, 2),
        1,
        1,
        Dtype.FLOAT64,
        ComputeDevice.cpu());
  }

  @Test
  void aNodeWithoutPositiveDegreeIsNamed() {
    int[] nodes = {0, 1, 3};
    CsrMatrix graph = CsrMatrix.of(4, nodes, nodes, new double[] {1, 1, 1});
    assertThatThrownBy(() -> tiny(graph))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("text node 2")
        .hasMessageContaining("label 1")
        .hasMessageContaining("degree 0.0");
  }

  /** The first layer's image row by hand: e² sum of images + e sum over prompts of d Z. */
  @Test
  void oneImageOfAClassSeesItselfAndItsPrompts() {
    int[] nodes = {0, 1, 2, 3};
    CsrMatrix graph = CsrMatrix.of(4, nodes, nodes, new double[] {1, 1, 1, 1});
    try (TensorScope scope = new TensorScope();
        LsgBranch branch = tiny(graph)) {
      Tensor f = Tensors.to(Tensors.of(new float[] {3, -6}, 1, 2), Dtype.FLOAT64);
      double[] hidden = Tensors.doubles(branch.forward(f, new int[] {0}).hidden());
      double text = 2 / Math.sqrt(3 * 2);
      assertThat(hidden[0]).isCloseTo(3.0 / 3 + text, within(1e-12));
      assertThat(hidden[1]).isCloseTo(0.2 * -6.0 / 3, within(1e-12));
    }
  }

  /** w_ti = 0 leaves the graph of the batch's images alone. */
  @Test
  void withoutTheirEdgesTextsDoNotMatter() {
    int[] nodes = {0, 1, 2, 3};
    CsrMatrix graph = CsrMatrix.of(4, nodes, nodes, new double[] {1, 1, 1, 1});
    try (TensorScope scope = new TensorScope()) {
      double[][] hidden = new double[2][];
      for (int i = 0; i < 2; i++) {
        Tensor texts = Tensors.of(new float[] {1, 0, 1, i, 0, 1 + i, 0, 1}, 4, 2);
        Tensor identity = Tensors.of(new float[] {1, 0, 0, 1}, 2, 2);
        try (LsgBranch branch =
            new LsgBranch(
                graph, 2, texts, identity, identity, 0, 1, Dtype.FLOAT64, ComputeDevice.cpu())) {
          Tensor f = Tensors.to(Tensors.of(new float[] {3, -6, 1, 2, 5, 4}, 3, 2), Dtype.FLOAT64);
          hidden[i] = Tensors.doubles(branch.forward(f, new int[] {0, 0, 1}).hidden());
        }
      }
      assertThat(hidden[1]).containsExactly(hidden[0]);
      // Two images of a class have its mean, one of its own itself.
      assertThat(hidden[0]).containsExactly(new double[] {2, -0.4, 2, -0.4, 5, 4}, within(1e-12));
    }
  }

  @Test
  void theOrderOfTheImagesDoesNotMatter() {
    GoldenCase golden = GoldenCase.small();
    int[] labels = golden.ints("label");
    int dimension = golden.param("D");
    double[] features = golden.doubles("f_labeled");
    int[] reversed = new int[labels.length];
    double[] reversedFeatures = new double[features.length];
    for (int i = 0; i < labels.length; i++) {
      int other = labels.length - 1 - i;
      reversed[i] = labels[other];
      System.arraycopy(features, other * dimension, reversedFeatures, i * dimension, dimension);
    }
    try (TensorScope scope = new TensorScope();
        LsgBranch branch =
            new LsgBranch(
                golden.graph("gen_A2"),
                golden.param("P"),
                Tensors.of(golden.text("text_train"), golden.param("N"), dimension),
                Tensors.of(golden.weights("s2_W1"), dimension, dimension),
                Tensors.of(golden.weights("s2_W2"), dimension, golden.param("C")),
                0.5,
                0.5,
                Dtype.FLOAT64,
                ComputeDevice.cpu())) {
      int classes = golden.param("C");
      double[] logits =
          Tensors.doubles(
              branch.forward(Tensors.of(features, labels.length, dimension), labels).logits());
      double[] mirrored =
          Tensors.doubles(
              branch
                  .forward(Tensors.of(reversedFeatures, labels.length, dimension), reversed)
                  .logits());
      for (int i = 0; i < labels.length; i++) {
        for (int c = 0; c < classes; c++) {
          assertThat(mirrored[(labels.length - 1 - i) * classes + c])
              .isCloseTo(logits[i * classes + c], within(1e-13));
        }
      }
    }
  }

  @Test
  void cosinesAreTheLogitsWithoutLengths() {
    int[] nodes = {0, 1, 2, 3};
    CsrMatrix graph = CsrMatrix.of(4, nodes, nodes, new double[] {1, 1, 1, 1});
    try (TensorScope scope = new TensorScope();
        LsgBranch branch = tiny(graph)) {
      Tensor f = Tensors.to(Tensors.of(new float[] {3, -6, 1, 1}, 2, 2), Dtype.FLOAT64);
      LsgBranch.Output output = branch.forward(f, new int[] {0, 1});
      double[] logits = Tensors.doubles(output.logits());
      double[] cosines = Tensors.doubles(branch.cosines(output));
      for (int row = 0; row < 2; row++) {
        // W2 is the identity, so its columns have unit length already.
        double length = Math.hypot(logits[2 * row], logits[2 * row + 1]);
        assertThat(cosines[2 * row]).isCloseTo(logits[2 * row] / length, within(1e-12));
        assertThat(cosines[2 * row + 1]).isCloseTo(logits[2 * row + 1] / length, within(1e-12));
      }
    }
  }

  @Test
  void theLossAgainstPrototypesIsTheCrossEntropyOfScaledCosines() {
    try (TensorScope scope = new TensorScope()) {
      Tensor f = Autograd.leaf(Tensors.of(new double[] {3, 4}, 1, 2));
      Tensor prototypes = Tensors.of(new double[] {1, 0, 0, 1}, 2, 2);
      Tensor label = Tensors.of(new long[] {1}, 1);
      Tensor even = Tensors.of(new double[2], 2);
      Tensor loss = LsgLosses.prototypes(f, prototypes, 10, even, label);
      assertThat(Tensors.item(loss)).isCloseTo(Math.log(1 + Math.exp(6 - 8)), within(1e-12));
      Tensor alone = Tensors.of(new double[] {-1e9, 0}, 2);
      assertThat(Tensors.item(LsgLosses.prototypes(f, prototypes, 10, alone, label))).isZero();
      Autograd.backward(loss);
      assertThat(Tensors.doubles(Autograd.grad(f))[1]).isNegative();
    }
  }

  @Test
  void aProjectionOfLengthZeroGivesFiniteGradients() {
    try (TensorScope scope = new TensorScope()) {
      Tensor f = Autograd.leaf(Tensors.of(new double[] {0, 0, 1, 2}, 2, 2));
      Tensor loss = LsgLosses.regularization(f, Tensors.of(new double[] {1, 1, 0, 0}, 2, 2));
      Autograd.backward(loss);
      assertThat(Tensors.item(loss)).isCloseTo(1, within(1e-12));
      assertThat(Tensors.doubles(Autograd.grad(f))).doesNotContain(Double.NaN);
    }
  }

  @Test
  void prototypesAreTheMeanHiddenRowsOfTheTextGraph() {
    GoldenCase golden = GoldenCase.medium();
    int classes = golden.param("C");
    int prompts = golden.param("P");
    int dimension = golden.param("D");
    double[] text = golden.text("text_train");
    float[] embeddings = new float[text.length];
    IntStream.range(0, text.length).forEach(i -> embeddings[i] = (float) text[i]);
    String[] labels = IntStream.range(0, classes).mapToObj(c -> "c" + c).toArray(String[]::new);
    double[] weights = golden.weights("s2_W1");
    HostArray prototypes =
        ClassPrototypes.of(
            new TextGraph(labels, prompts, dimension, embeddings, golden.graph("gen_A2")),
            HostArray.of(weights, dimension, dimension));
    CsrMatrix normalized = golden.normalized("gen_A2");
    double[] expected = new double[classes * dimension];
    for (int t = 0; t < classes * prompts; t++) {
      double[] mixed = new double[dimension];
      for (int e = normalized.rowOffsets()[t]; e < normalized.rowOffsets()[t + 1]; e++) {
        int row = normalized.columns()[e] * dimension;
        for (int d = 0; d < dimension; d++) {
          mixed[d] += normalized.values()[e] * text[row + d];
        }
      }
      for (int k = 0; k < dimension; k++) {
        double sum = 0;
        for (int d = 0; d < dimension; d++) {
          sum += mixed[d] * weights[d * dimension + k];
        }
        expected[t / prompts * dimension + k] += (sum > 0 ? sum : 0.2 * sum);
      }
    }
    assertThat(prototypes.shape()).containsExactly(classes, dimension);
    double[] actual = prototypes.doubles();
    for (int c = 0; c < classes; c++) {
      double[] row = Arrays.copyOfRange(expected, c * dimension, (c + 1) * dimension);
      double length = Math.sqrt(Arrays.stream(row).map(v -> v * v).sum());
      for (int d = 0; d < dimension; d++) {
        assertThat(actual[c * dimension + d]).isCloseTo(row[d] / length, within(1e-6));
      }
    }
  }
}
