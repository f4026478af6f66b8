package io.github.lsgspark.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Convolutions as this processor computes them, against sums written out. */
class ConvolutionTest {
  private static final int TRIALS = 60;
  private static final int NARROW_TRIALS = 600;

  /** Of n images with c channels and a side, by o filters of side k. */
  private record Shape(int n, int c, int side, int o, int k, int stride, int padding, int groups) {
    int out() {
      return (side + 2 * padding - k) / stride + 1;
    }
  }

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  private static int oneOf(Random random, int... values) {
    return values[random.nextInt(values.length)];
  }

  private static Shape draw(Random random) {
    int k = oneOf(random, 1, 1, 1, 2, 3, 5);
    int groups = k == 1 ? 1 : oneOf(random, 1, 2);
    return new Shape(
        1 + random.nextInt(3),
        groups * oneOf(random, 1, 3, 8, 16, 32, 64),
        k + random.nextInt(9),
        groups * oneOf(random, 1, 8, 10, 16, 64),
        k,
        1 + random.nextInt(3),
        random.nextInt(k + 1) / 2,
        groups);
  }

  private record Result(float[] y, float[] atX, float[] atWeight) {}

  private static Result run(
      Shape s, float[] x, float[] weight, float[] atY, Dtype dtype, boolean last) {
    try (TensorScope scope = new TensorScope()) {
      Tensor input = leaf(Tensors.of(x, s.n, s.c, s.side, s.side), dtype, last);
      Tensor filters = leaf(Tensors.of(weight, s.o, s.c / s.groups, s.k, s.k), dtype, last);
      Tensor y =
          s.groups == 1
              ? NeuralOps.conv2d(input, filters, s.stride, s.padding)
              : grouped(s, input, filters);
      Autograd.backward(
          Ops.sum(Ops.mul(NeuralOps.widened(y), Tensors.of(atY, s.n, s.o, s.out(), s.out()))));
      return new Result(floats(y), floats(input.grad()), floats(filters.grad()));
    }
  }

  private static Tensor grouped(Shape s, Tensor input, Tensor filters) {
    long[] stride = {s.stride, s.stride};
    long[] padding = {s.padding, s.padding};
    long[] dilation = {1, 1};
    return torch.conv2d(input, filters, new TensorOptional(), stride, padding, dilation, s.groups);
  }

  private static Tensor leaf(Tensor values, Dtype dtype, boolean last) {
    Tensor tensor = Tensors.to(values, dtype);
    return (last ? NeuralOps.channelsLast(tensor) : tensor).detach().set_requires_grad(true);
  }

  private static float[] floats(Tensor tensor) {
    return Tensors.floats(NeuralOps.widened(tensor).contiguous());
  }

  /** The definition, in double. */
  private static Result expected(Shape s, float[] x, float[] weight, float[] atY) {
    double[] y = new double[s.n * s.o * s.out() * s.out()];
    double[] atX = new double[x.length];
    double[] atWeight = new double[weight.length];
    int in = s.c / s.groups;
    for (int place = 0; place < y.length; place++) {
      int column = place % s.out();
      int row = place / s.out() % s.out();
      int o = place / s.out() / s.out() % s.o;
      int n = place / s.out() / s.out() / s.o;
      for (int tap = 0; tap < in * s.k * s.k; tap++) {
        int j = column * s.stride - s.padding + tap % s.k;
        int i = row * s.stride - s.padding + tap / s.k % s.k;
        int c = o / (s.o / s.groups) * in + tap / s.k / s.k;
        if (i >= 0 && i < s.side && j >= 0 && j < s.side) {
          int from = ((n * s.c + c) * s.side + i) * s.side + j;
          int by = o * in * s.k * s.k + tap;
          y[place] += (double) x[from] * weight[by];
          atX[from] += (double) atY[place] * weight[by];
          atWeight[by] += (double) atY[place] * x[from];
        }
      }
    }
    return new Result(narrowed(y), narrowed(atX), narrowed(atWeight));
  }

  private static float[] narrowed(double[] values) {
    float[] result = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = (float) values[i];
    }
    return result;
  }

  /** Small multiples of 1/8, which bfloat16 holds exactly. */
  private static float[] drawn(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (random.nextInt(17) - 8) / 8f;
    }
    return values;
  }

  private static void assertClose(float[] actual, float[] expected, double relative, String what) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    double largest = 1;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < actual.length; i++) {
      if (!(Math.abs(actual[i] - expected[i]) <= relative * largest)) {
        throw new AssertionError(
            what + ": element " + i + " is " + actual[i] + ", expected " + expected[i]);
      }
    }
  }

  @Test
  void convolutionsAndTheirGradientsAreTheirDefinition() {
    Random random = new Random(7);
    for (int trial = 0; trial < TRIALS; trial++) {
      Shape s = draw(random);
      float[] x = drawn(random, s.n * s.c * s.side * s.side);
      float[] weight = drawn(random, s.o * (s.c / s.groups) * s.k * s.k);
      float[] atY = drawn(random, s.n * s.o * s.out() * s.out());
      Result expected = expected(s, x, weight, atY);
      for (Dtype dtype : List.of(Dtype.FLOAT32, Dtype.BFLOAT16)) {
        for (boolean last : new boolean[] {false, true}) {
          String what = s + " in " + dtype + (last ? ", channels last" : "");
          Result actual = run(s, x, weight, atY, dtype, last);
          // Processors without bfloat16 of their own round to it at each of up to 25 taps.
          double relative = dtype == Dtype.FLOAT32 ? 1e-5 : 3e-2;
          assertClose(actual.y(), expected.y(), relative, what);
          assertClose(actual.atX(), expected.atX(), relative, what + ": gradient of images");
          assertClose(actual.atWeight(), expected.atWeight(), relative, what + ": of filters");
        }
      }
    }
  }

  /** What oneDNN reads past a narrow input is NaN here more often than by chance. */
  @Test
  void inputsNarrowerThanTheirStrideHaveFiniteGradients() {
    Random random = new Random(11);
    for (int trial = 0; trial < NARROW_TRIALS; trial++) {
      int n = 1 + random.nextInt(3);
      int c = oneOf(random, 1, 3, 8);
      int o = oneOf(random, 16, 64);
      int height = 1 + random.nextInt(5);
      int width = 1 + random.nextInt(2);
      int stride = 2 + random.nextInt(2);
      try (TensorScope scope = new TensorScope()) {
        leaveNotANumber(random);
        float[] ones = new float[n * c * height * width];
        Arrays.fill(ones, 1);
        Tensor image = Tensors.of(ones, n, c, height, width);
        Tensor images = leaf(image, Dtype.BFLOAT16, random.nextBoolean());
        Tensor filters = leaf(Tensors.of(new float[o * c], o, c, 1, 1), Dtype.BFLOAT16, false);
        Tensor y = NeuralOps.conv2d(images, filters, stride, 0);
        Tensor clips = images.detach().view(n, c, 1, height, width);
        Tensor kernels = leaf(Tensors.of(new float[o * c], o, c, 1, 1, 1), Dtype.BFLOAT16, false);
        Tensor z = NeuralOps.conv3d(clips, kernels, new int[] {1, stride, stride}, new int[3]);
        Autograd.backward(Ops.add(Ops.sum(NeuralOps.widened(y)), Ops.sum(NeuralOps.widened(z))));
        int places = n * ((height - 1) / stride + 1) * ((width - 1) / stride + 1);
        assertThat(floats(filters.grad())).containsOnly(places);
        assertThat(floats(kernels.grad())).containsOnly(places);
      }
    }
  }

  private static void leaveNotANumber(Random random) {
    try (TensorScope scope = new TensorScope()) {
      for (int i = 0; i < 40; i++) {
        float[] values = new float[1 << random.nextInt(12)];
        Arrays.fill(values, Float.NaN);
        Tensors.of(values, values.length);
      }
    }
  }
}
