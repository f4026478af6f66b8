package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.backbone.BatchNormalization;
import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import io.github.lsgspark.torch.TwoRanks;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/** Two ranks with unequal parts of a batch against libtorch's normalisation of the whole. */
class SynchronizedBatchNormTest {
  private static final int CHANNELS = 5;
  private static final int PIXELS = 12;
  private static final int ROWS = 7;
  private static final int FIRST = 3;
  private static final int ROW = CHANNELS * PIXELS;

  /** Output, gradient of the input, of gain and bias, and the running statistics. */
  private record Result(
      float[] output, float[] input, float[] gain, float[] bias, float[] mean, float[] variance) {}

  private static float[] normal(int count, long seed, double shift) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (shift + random.nextGaussian());
    }
    return values;
  }

  /**
   * @param places dimensions behind the channels, of 12 places in all
   */
  private static Result of(BatchNormalization normalization, int from, int to, long... places) {
    try (TensorScope scope = new TensorScope()) {
      float[] all = normal(ROWS * ROW, 1, 3);
      float[] factors = normal(ROWS * ROW, 2, 0);
      int rows = to - from;
      long[] shape =
          LongStream.concat(LongStream.of(rows, CHANNELS), LongStream.of(places)).toArray();
      Tensor x = Autograd.leaf(Tensors.of(Arrays.copyOfRange(all, from * ROW, to * ROW), shape));
      Tensor gain = Autograd.leaf(Tensors.of(normal(CHANNELS, 3, 1), CHANNELS));
      Tensor bias = Autograd.leaf(Tensors.of(normal(CHANNELS, 4, 0), CHANNELS));
      Tensor mean = Tensors.of(new float[CHANNELS], CHANNELS);
      Tensor variance = Tensors.of(normal(CHANNELS, 5, 2), CHANNELS);
      Tensor y = normalization.apply(x, gain, bias, mean, variance);
      Tensor weights = Tensors.of(Arrays.copyOfRange(factors, from * ROW, to * ROW), shape);
      Autograd.backward(Ops.sum(Ops.mul(Ops.mul(y, y), weights)));
      return new Result(
          Tensors.floats(y),
          Tensors.floats(Autograd.grad(x)),
          Tensors.floats(Autograd.grad(gain)),
          Tensors.floats(Autograd.grad(bias)),
          Tensors.floats(mean),
          Tensors.floats(variance));
    }
  }

  private static void assertClose(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(2e-5f * (1 + Math.abs(expected[i]))));
    }
  }

  @Test
  void statisticsAndGradientAreThoseOfTheWholeBatch() throws Exception {
    compare(3, 4);
    compare(3, 2, 2);
  }

  private static void compare(long... places) throws Exception {
    Result whole = of(BatchNormalization.batchStatistics(), 0, ROWS, places);
    List<Result> parts =
        TwoRanks.run(
            collective ->
                of(
                    new SynchronizedBatchNorm(collective),
                    collective.rank() == 0 ? 0 : FIRST,
                    collective.rank() == 0 ? FIRST : ROWS,
                    places));
    assertClose(parts.get(0).output(), Arrays.copyOf(whole.output(), FIRST * ROW));
    assertClose(parts.get(1).output(), Arrays.copyOfRange(whole.output(), FIRST * ROW, ROWS * ROW));
    assertClose(parts.get(0).input(), Arrays.copyOf(whole.input(), FIRST * ROW));
    assertClose(parts.get(1).input(), Arrays.copyOfRange(whole.input(), FIRST * ROW, ROWS * ROW));
    float[] gain = new float[CHANNELS];
    float[] bias = new float[CHANNELS];
    for (int c = 0; c < CHANNELS; c++) {
      gain[c] = parts.get(0).gain()[c] + parts.get(1).gain()[c];
      bias[c] = parts.get(0).bias()[c] + parts.get(1).bias()[c];
    }
    assertClose(gain, whole.gain());
    assertClose(bias, whole.bias());
    for (Result part : parts) {
      assertClose(part.mean(), whole.mean());
      assertClose(part.variance(), whole.variance());
    }
  }
}
