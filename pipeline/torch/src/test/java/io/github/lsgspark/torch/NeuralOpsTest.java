package io.github.lsgspark.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.CompletableFuture;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class NeuralOpsTest {
  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  @Test
  void aPartialPoolingWindowCountsOnlyIfAsked() {
    try (TensorScope scope = new TensorScope()) {
      Tensor row = Tensors.of(new float[] {1, 2, 3, 9}, 1, 1, 1, 4);
      Tensor square = Ops.cat(2, row, row, row, row);
      assertThat(Tensors.floats(NeuralOps.maxPool2d(square, 3, 2, 0, false))).containsExactly(3);
      assertThat(Tensors.floats(NeuralOps.maxPool2d(square, 3, 2, 0, true)))
          .containsExactly(3, 9, 3, 9);
    }
  }

  /** Values 1, 2, 3, 6: mean 3, variance 3.5 as a population and 14/3 without bias. */
  @Test
  void batchNormMovesRunningStatisticsInTrainingAlone() {
    try (TensorScope scope = new TensorScope()) {
      Tensor x = Tensors.of(new float[] {1, 2, 3, 6}, 2, 1, 1, 2);
      Tensor weight = Tensors.of(new float[] {2}, 1);
      Tensor bias = Tensors.of(new float[] {1}, 1);
      Tensor mean = Tensors.of(new float[] {0}, 1);
      Tensor variance = Tensors.of(new float[] {1}, 1);
      float[] trained = Tensors.floats(NeuralOps.batchNorm(x, weight, bias, mean, variance, true));
      assertThat(trained[3]).isCloseTo((float) (1 + 2 * 3 / Math.sqrt(3.5)), within(1e-4f));
      assertThat(Tensors.floats(mean)[0]).isCloseTo(0.3f, within(1e-6f));
      assertThat(Tensors.floats(variance)[0])
          .isCloseTo((float) (0.9 + 0.1 * 14 / 3), within(1e-6f));
      float[] evaluated =
          Tensors.floats(NeuralOps.batchNorm(x, weight, bias, mean, variance, false));
      assertThat(evaluated[3])
          .isCloseTo((float) (1 + 2 * 5.7 / Math.sqrt(0.9 + 1.4 / 3)), within(1e-4f));
      assertThat(Tensors.floats(mean)[0]).isCloseTo(0.3f, within(1e-6f));
    }
  }

  @Test
  void everySecondPixelAndZeroChannels() {
    try (TensorScope scope = new TensorScope()) {
      Tensor x = Tensors.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, 1, 1, 3, 3);
      assertThat(Tensors.floats(NeuralOps.subsample(x, 2))).containsExactly(1, 3, 7, 9);
      Tensor padded = NeuralOps.padChannels(NeuralOps.subsample(x, 2), 1, 2);
      assertThat(Tensors.shape(padded)).containsExactly(1, 4, 2, 2);
      assertThat(Tensors.floats(padded))
          .containsExactly(0, 0, 0, 0, 1, 3, 7, 9, 0, 0, 0, 0, 0, 0, 0, 0);
    }
  }

  @Test
  void channelsLastChangesNoValue() {
    try (TensorScope scope = new TensorScope()) {
      Tensor x = Tensors.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 1, 2, 2, 2);
      Tensor inner = NeuralOps.channelsLast(x);
      assertThat(inner.is_contiguous()).isFalse();
      assertThat(Tensors.floats(inner)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
      Tensor clip = x.view(1, 2, 1, 2, 2);
      assertThat(NeuralOps.channelsLast(clip).is_contiguous()).isFalse();
      assertThat(Tensors.floats(NeuralOps.channelsLast(clip)))
          .containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    }
  }

  @Test
  void mixedPrecisionEndsWithItsScopeAndIsThisThreadsAlone() throws Exception {
    try (TensorScope scope = new TensorScope()) {
      Tensor x = Tensors.of(new float[] {1.001f, 2, 3, 4}, 2, 2);
      Tensor weight = Autograd.leaf(Tensors.of(new float[] {1, 0, 0, 1}, 2, 2));
      Tensor bias = Tensors.of(new float[] {0, 0}, 2);
      try (ModeGuard outer = NeuralOps.autocast(true, ComputeDevice.cpu())) {
        try (ModeGuard inner = NeuralOps.autocast(false, ComputeDevice.cpu())) {
          assertThat(product(x, weight, bias)).isEqualTo(Dtype.BFLOAT16);
        }
        assertThat(product(x, weight, bias)).isEqualTo(Dtype.BFLOAT16);
        Dtype elsewhere =
            CompletableFuture.supplyAsync(
                    () -> {
                      try (TensorScope own = new TensorScope()) {
                        return product(
                            Tensors.of(new float[] {1}, 1, 1),
                            Tensors.of(new float[] {1}, 1, 1),
                            Tensors.of(new float[] {1}, 1));
                      }
                    })
                .get();
        assertThat(elsewhere).isEqualTo(Dtype.FLOAT32);
        Autograd.backward(Ops.sum(NeuralOps.linear(x, weight, bias)));
      }
      assertThat(product(x, weight, bias)).isEqualTo(Dtype.FLOAT32);
      assertThat(Dtype.of(Autograd.grad(weight))).isEqualTo(Dtype.FLOAT32);
      assertThat(Tensors.floats(Autograd.grad(weight))[0]).isCloseTo(4f, within(0.02f));
    }
  }

  private static Dtype product(Tensor x, Tensor weight, Tensor bias) {
    return Dtype.of(NeuralOps.linear(x, weight, bias));
  }
}
