package io.github.lsgspark.torch;

import java.util.Arrays;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.InterpolateFuncOptions;
import org.bytedeco.pytorch.InterpolateMode;
import org.bytedeco.pytorch.LongVector;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.kBicubic;
import org.bytedeco.pytorch.kBilinear;
import org.bytedeco.pytorch.kNearest;

/** Other shapes of arrays, and what some networks do with them. */
public final class ArrayOps {
  /** Added to the mean of the channels' norms. */
  public static final double LEAST_RESPONSE = 1e-6;

  private ArrayOps() {}

  /** The same numbers in another shape; -1 once for what is left. */
  public static Tensor reshape(Tensor x, int... shape) {
    return x.reshape(Arrays.stream(shape).asLongStream().toArray());
  }

  /** Dimensions in another order. */
  public static Tensor permute(Tensor x, int... order) {
    return x.permute(Arrays.stream(order).asLongStream().toArray());
  }

  /** Zeros below and to the right of a map [n, height, width, channels]. */
  public static Tensor padPlaces(Tensor x, int rows, int columns) {
    return torch.constant_pad_nd(x, 0, 0, 0, columns, 0, rows);
  }

  /** Places of a map [n, height, width, channels] moved up and left, around the edges. */
  public static Tensor rollPlaces(Tensor x, int rows, int columns) {
    return torch.roll(x, new long[] {-rows, -columns}, 1, 2);
  }

  /**
   * Rotary positions: x · cosines + x[places] · sines, computed in float and given back as x is.
   *
   * @param x [n, length, d]
   * @param cosines [length, d], as are sines
   * @param places int64 [d]
   */
  public static Tensor rotate(Tensor x, Tensor cosines, Tensor sines, Tensor places) {
    Tensor wide = NeuralOps.widened(x);
    Tensor mixed = wide.index_select(2, places);
    return Tensors.to(wide.mul(cosines).add(mixed.mul(sines)), Dtype.of(x));
  }

  /**
   * Global response normalisation of a map [n, height, width, channels] (Woo et al. 2023, eq. 1 to
   * 3).
   */
  public static Tensor responseNorm(Tensor x, Tensor weight, Tensor bias) {
    Tensor sizes = x.mul(x).sum(new long[] {1, 2}, true, new ScalarTypeOptional()).sqrt();
    Tensor means = Ops.mean(sizes, 3, true);
    Tensor shares = sizes.div(Ops.add(means, LEAST_RESPONSE));
    return x.mul(shares).mul(weight).add(bias).add(x);
  }

  /** Normalisation of each channel of maps [n, c, height, width] by itself, over its places. */
  public static Tensor channelNorm(Tensor x, Tensor weight, Tensor bias, double epsilon) {
    return torch.group_norm(
        x, weight.size(0), new TensorOptional(weight), new TensorOptional(bias), epsilon, false);
  }

  /** Normalisation over the last dimension, without gain and bias. */
  public static Tensor plainNorm(Tensor x, double epsilon) {
    return torch.layer_norm(
        x, new long[] {x.size(-1)}, new TensorOptional(), new TensorOptional(), epsilon, false);
  }

  /**
   * Weights by their directions: gain · direction / |direction| (Salimans and Kingma 2016).
   *
   * @param direction [out, in, k]; the Euclidean norm is over the first two dimensions
   * @param gain [1, 1, k]
   */
  public static Tensor weightNorm(Tensor direction, Tensor gain) {
    Tensor squares =
        direction.mul(direction).sum(new long[] {0, 1}, true, new ScalarTypeOptional());
    return direction.mul(gain.div(squares.sqrt()));
  }

  /** Maps in another size by cubic convolution with a = -3/4; the places at the corners stay. */
  public static Tensor stretched(Tensor x, int height, int width) {
    return torch.upsample_bicubic2d(x, new long[] {height, width}, true);
  }

  /** How maps are brought to another size. */
  public enum Resampling {
    /** Cubic convolution with a = -3/4, four places whatever the sizes. */
    BICUBIC,
    /** Cubic convolution with a = -1/2, as wide as a step where the map shrinks. */
    BICUBIC_ANTIALIAS,
    /** Linear in both directions, as wide as a step where the map shrinks. */
    BILINEAR_ANTIALIAS,
    /** The place at or before. */
    NEAREST
  }

  /** Maps [n, channels, height, width] in another size. */
  public static Tensor resized(Tensor x, int height, int width, Resampling by) {
    InterpolateFuncOptions options = new InterpolateFuncOptions();
    options.size().put(new LongVector(height, width));
    mode(options.mode(), by);
    if (by != Resampling.NEAREST) {
      options.align_corners().put(new BoolOptional(false));
      try (BoolPointer antialias = options.antialias()) {
        antialias.put(by != Resampling.BICUBIC);
      }
    }
    return torch.interpolate(x, options);
  }

  private static void mode(InterpolateMode mode, Resampling by) {
    switch (by) {
      case BILINEAR_ANTIALIAS -> mode.put(new kBilinear());
      case NEAREST -> mode.put(new kNearest());
      case BICUBIC, BICUBIC_ANTIALIAS -> mode.put(new kBicubic());
    }
  }
}
