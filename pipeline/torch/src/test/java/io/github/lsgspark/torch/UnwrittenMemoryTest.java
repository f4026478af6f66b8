package io.github.lsgspark.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Convolutions in mixed precision, where freed memory is full of NaN. */
@Tag("long-5")
class UnwrittenMemoryTest {
  private static final int TRIALS = 100;

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  private record Result(float[] y, float[] atX, float[] atWeight) {}

  private static float[] drawn(SplittableRandom random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextDouble() - 0.5);
    }
    return values;
  }

  /** What is allocated next holds NaN until it is written. */
  private static void poison() {
    for (int size = 1 << 10; size <= 1 << 22; size <<= 1) {
      try (TensorScope scope = new TensorScope()) {
        float[] values = new float[size];
        Arrays.fill(values, Float.NaN);
        Tensor unused = Tensors.of(values, size).clone();
      }
    }
  }

  /** Of n clips: channels, frames (0: images), side; o filters of k frames and a side of k. */
  private record Shape(int n, int c, int frames, int side, int o, int k, int stride, int padding) {
    static Shape drawn(Random random, boolean clips) {
      int k = oneOf(random, 1, 3, 3, 3, 5);
      int padding = random.nextInt(k / 2 + 1);
      return new Shape(
          1 + random.nextInt(3),
          oneOf(random, 1, 3, 8, 16, 32, 64),
          clips ? k - 2 * padding + random.nextInt(6) : 0,
          k - 2 * padding + random.nextInt(12),
          oneOf(random, 1, 8, 16, 32, 64),
          k,
          1 + random.nextInt(2),
          padding);
    }

    private static int oneOf(Random random, int... values) {
      return values[random.nextInt(values.length)];
    }
  }

  private static Result run(Shape s, boolean mixed, boolean last) {
    try (TensorScope scope = new TensorScope()) {
      SplittableRandom random = new SplittableRandom(7);
      boolean clips = s.frames > 0;
      float[] pixels = drawn(random, s.n * s.c * Math.max(1, s.frames) * s.side * s.side);
      Tensor input =
          clips
              ? Tensors.of(pixels, s.n, s.c, s.frames, s.side, s.side)
              : Tensors.of(pixels, s.n, s.c, s.side, s.side);
      Tensor x = (last ? NeuralOps.channelsLast(input) : input).detach().set_requires_grad(true);
      float[] values = drawn(random, s.o * s.c * (clips ? s.k : 1) * s.k * s.k);
      Tensor filters =
          clips
              ? Tensors.of(values, s.o, s.c, s.k, s.k, s.k)
              : Tensors.of(values, s.o, s.c, s.k, s.k);
      Tensor weight = filters.detach().set_requires_grad(true);
      int[] stride = {s.stride, s.stride, s.stride};
      int[] padding = {s.padding, s.padding, s.padding};
      poison();
      Tensor y;
      try (ModeGuard guard = NeuralOps.autocast(mixed, ComputeDevice.cpu())) {
        y =
            clips
                ? NeuralOps.conv3d(x, weight, stride, padding)
                : NeuralOps.conv2d(x, weight, s.stride, s.padding);
      }
      poison();
      Tensor wide = Tensors.to(y, Dtype.FLOAT32);
      Autograd.backward(Ops.sum(Ops.mul(wide, wide)));
      return new Result(
          Tensors.floats(wide.contiguous()),
          Tensors.floats(x.grad().contiguous()),
          Tensors.floats(weight.grad().contiguous()));
    }
  }

  private static double distance(float[] wanted, float[] got) {
    double error = 0;
    double norm = 0;
    for (int i = 0; i < wanted.length; i++) {
      error += Math.pow((double) wanted[i] - got[i], 2);
      norm += Math.pow(wanted[i], 2);
    }
    return Math.sqrt(error / norm);
  }

  private static void compare(Shape shape) {
    Result wanted = run(shape, false, false);
    for (boolean last : new boolean[] {false, true}) {
      Result got = run(shape, true, last);
      String what = shape + (last ? ", channels last" : "");
      assertThat(distance(wanted.y, got.y)).as(what).isLessThan(0.02);
      assertThat(distance(wanted.atX, got.atX)).as(what + ", at x").isLessThan(0.02);
      assertThat(distance(wanted.atWeight, got.atWeight)).as(what + ", at w").isLessThan(0.02);
    }
  }

  /** Of such clips oneDNN's own padding brought NaN into the gradients of filters. */
  @ParameterizedTest
  @CsvSource({"4, 16, 16", "2, 8, 32", "2, 4, 32", "1, 8, 16", "8, 14, 64", "3, 7, 128"})
  void paddedClipsTakeInNothingThatWasNotWritten(int frames, int side, int channels) {
    for (int round = 0; round < 3; round++) {
      compare(new Shape(2, channels, frames, side, channels, 3, 1, 1));
      compare(new Shape(2, channels, frames, side, channels, 3, 2, 1));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void norDoAnyOthers(boolean clips) {
    Random random = new Random(11);
    for (int trial = 0; trial < (clips ? TRIALS : 4 * TRIALS); trial++) {
      compare(Shape.drawn(random, clips));
    }
  }

  /** The last stage of a ResNet sees pictures of 32 pixels so. */
  @ParameterizedTest
  @CsvSource({"1, 512, 3, 1", "2, 256, 3, 2", "1, 64, 3, 1", "2, 32, 5, 1", "3, 16, 7, 2"})
  void norDoImagesThatAreSmallerThanTheFilter(int side, int channels, int filter, int stride) {
    for (int round = 0; round < 3; round++) {
      compare(new Shape(4, channels, 0, side, channels, filter, stride, filter / 2));
    }
  }
}
