package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Golden numbers: numpy's svd, and PyTorch's gradient of torch.linalg.svdvals, in double. */
class BatchSpectralShrinkageTest {
  /** [4,5]; its singular values are 3.5601, 2.8004, 1.5878 and 1.4446. */
  private static final double[] FEATURES = {
    0.5, -1.25, 2.0, 0.75, 0.0,
    1.5, 0.25, -0.5, 1.0, 2.0,
    -0.75, 1.0, 0.5, -1.5, 0.25,
    2.0, -0.5, 1.25, 0.5, -1.0
  };

  private static final double[] GRADIENT_OF_TWO = {
    -1.15456670772, -0.588468148157, 1.134406872385, 0.163803089584, 1.45151863176,
    0.098002328197, 0.361098018008, 0.691138040834, -0.478979873286, 0.593455133759,
    0.634144142834, 1.201294724303, 1.599107551515, -1.402444568903, 1.22522866749,
    1.334074681496, 1.044186929539, -0.389024495029, -0.733683368818, -0.838277252647
  };

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  private static double value(double[] features, int k) {
    try (TensorScope scope = new TensorScope()) {
      return Tensors.item(BatchSpectralShrinkage.loss(Tensors.of(features, 4, 5), k));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 2.086926251160651", "2, 4.608016262371757"})
  void theValueIsThatOfTheSingularValues(int k, double expected) {
    assertThat(value(FEATURES, k)).isCloseTo(expected, within(1e-12));
    try (TensorScope scope = new TensorScope()) {
      Tensor upright = Ops.transpose(Tensors.of(FEATURES, 4, 5), 0, 1);
      assertThat(Tensors.item(BatchSpectralShrinkage.loss(upright, k)))
          .isCloseTo(expected, within(1e-12));
    }
  }

  @Test
  void theGradientIsThatOfTheSingularValues() {
    try (TensorScope scope = new TensorScope()) {
      Tensor flat = Autograd.leaf(Tensors.of(FEATURES, 4, 5));
      Autograd.backward(BatchSpectralShrinkage.loss(flat, 2));
      assertThat(Tensors.doubles(Autograd.grad(flat)))
          .containsExactly(GRADIENT_OF_TWO, within(1e-11));
      Tensor upright = Autograd.leaf(Ops.transpose(Tensors.of(FEATURES, 4, 5), 0, 1));
      Autograd.backward(BatchSpectralShrinkage.loss(upright, 2));
      assertThat(Tensors.doubles(Ops.transpose(Autograd.grad(upright), 0, 1)))
          .containsExactly(GRADIENT_OF_TWO, within(1e-11));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void theGradientIsTheSlope(int k) {
    double[] gradient;
    try (TensorScope scope = new TensorScope()) {
      Tensor leaf = Autograd.leaf(Tensors.of(FEATURES, 4, 5));
      Autograd.backward(BatchSpectralShrinkage.loss(leaf, k));
      gradient = Tensors.doubles(Autograd.grad(leaf));
    }
    double step = 1e-5;
    for (int i = 0; i < FEATURES.length; i++) {
      double[] more = FEATURES.clone();
      double[] less = FEATURES.clone();
      more[i] += step;
      less[i] -= step;
      double slope = (value(more, k) - value(less, k)) / (2 * step);
      assertThat(gradient[i]).as("element %d", i).isCloseTo(slope, within(1e-8));
    }
  }

  /** Four equal rows: all singular values but one are 0, where the gradient of an SVD is NaN. */
  @Test
  void valuesThatAreZeroHaveNoGradient() {
    float[] rows = {1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3};
    try (TensorScope scope = new TensorScope()) {
      Tensor leaf = Autograd.leaf(Tensors.of(rows, 4, 3));
      Tensor loss = BatchSpectralShrinkage.loss(leaf, 2);
      Autograd.backward(loss);
      assertThat(Tensors.item(loss.detach())).isCloseTo(0, within(1e-12));
      assertThat(Tensors.doubles(Autograd.grad(leaf)))
          .containsExactly(new double[12], within(1e-6));
    }
  }

  @Test
  void featuresThatAreNotFiniteMakeTheLossNaN() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      try (TensorScope scope = new TensorScope()) {
        Tensor features = Tensors.of(new float[] {1, 2, bad, 4}, 2, 2);
        assertThat(Tensors.item(BatchSpectralShrinkage.loss(features, 1))).isNaN();
      }
    }
  }

  @Test
  void moreThanThereAreIsAnErrorThatNamesTheKey() {
    assertThatThrownBy(() -> value(FEATURES, 5))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.USAGE))
        .hasMessage(
            "train.transfer.bss.k = 5, but 4 rows of 5 features, a replica's part of the batch,"
                + " have only 4 singular values");
  }
}
