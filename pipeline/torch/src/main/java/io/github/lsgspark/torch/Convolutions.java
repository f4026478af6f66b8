package io.github.lsgspark.torch;

import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;

/**
 * Convolutions of images and clips, around what oneDNN gets wrong in bfloat16 on processors: its
 * gradients read past what is there, and may hold anything that was in that memory, NaN included.
 */
final class Convolutions {
  private Convolutions() {}

  /**
   * A convolution over the last dimensions.
   *
   * @param x [n, c, height, width] or [n, c, frames, height, width]
   * @param stride of each dimension
   * @param padding of each
   */
  static Tensor of(
      Tensor x, Tensor weight, TensorOptional bias, int[] stride, int[] padding, int groups) {
    boolean before = isPaddedBefore(x, weight, padding);
    Tensor input = before ? padded(x, padding) : x;
    long[] strides = strides(x, weight, padding, stride);
    long[] left = before ? new long[padding.length] : longs(padding);
    long[] dilation = new long[padding.length];
    Arrays.fill(dilation, 1);
    return padding.length == 2
        ? torch.conv2d(input, weight, bias, strides, left, dilation, groups)
        : torch.conv3d(input, weight, bias, strides, left, dilation, groups);
  }

  private static long[] longs(int[] values) {
    return Arrays.stream(values).asLongStream().toArray();
  }

  /**
   * Whether oneDNN must not pad in bfloat16: it takes in memory that was never written where an
   * image is smaller than the filter, and with clips also where they are not.
   */
  private static boolean isPaddedBefore(Tensor x, Tensor weight, int[] padding) {
    if (Arrays.stream(padding).allMatch(p -> p == 0) || x.is_cuda() || !isRounded(x)) {
      return false;
    }
    boolean small = padding.length > 2;
    for (int i = 2; i < 2 + padding.length; i++) {
      small |= x.size(i) < weight.size(i);
    }
    return small;
  }

  private static boolean isRounded(Tensor x) {
    return torch.is_autocast_enabled(DeviceType.CPU)
        || x.scalar_type().intern() == torch.ScalarType.BFloat16;
  }

  /** Zeros on both sides of each dimension, which libtorch counts from the last. */
  private static Tensor padded(Tensor x, int[] padding) {
    long[] sides = new long[2 * padding.length];
    for (int i = 0; i < padding.length; i++) {
      int place = 2 * (padding.length - 1 - i);
      sides[place] = padding[i];
      sides[place + 1] = padding[i];
    }
    return torch.constant_pad_nd(x, sides, new Scalar(0.0));
  }

  /**
   * The strides of a convolution, at most the input's size where a filter is one wide and nothing
   * is padded: that changes no result, and oneDNN's gradient of such filters in bfloat16 reads past
   * an input that is narrower than its stride.
   */
  private static long[] strides(Tensor x, Tensor weight, int[] padding, int[] asked) {
    boolean unpadded = Arrays.stream(padding).allMatch(p -> p == 0);
    long[] strides = longs(asked);
    for (int i = 0; i < asked.length; i++) {
      if (unpadded && weight.size(i + 2) == 1) {
        strides[i] = Math.min(asked[i], Math.max(1, x.size(i + 2)));
      }
    }
    return strides;
  }
}
