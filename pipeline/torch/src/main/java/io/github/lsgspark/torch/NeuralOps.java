package io.github.lsgspark.torch;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;

/**
 * Layers as functions of their input and parameters. Images are [n, channels, height, width], clips
 * [n, channels, time, height, width].
 */
public final class NeuralOps {
  /** Share of a batch's statistics that enters the running ones. */
  public static final double BATCH_NORM_MOMENTUM = 0.1;

  /** Sizes up to which {@link #signedRoot} is a straight line. */
  public static final double STEEPEST_ROOT = 1e-6;

  /** What vectors are divided by that are shorter. */
  public static final double LEAST_NORM = 1e-12;

  /** Added to variances. */
  public static final double BATCH_NORM_EPSILON = 1e-5;

  private static final int CLIP_DIMENSIONS = 5;

  private NeuralOps() {}

  /** x Wᵀ + b for W [out, in]. */
  public static Tensor linear(Tensor x, Tensor weight, Tensor bias) {
    return torch.linear(x, weight, new TensorOptional(bias));
  }

  /** x Wᵀ for W [out, in]. */
  public static Tensor linear(Tensor x, Tensor weight) {
    return torch.linear(x, weight, new TensorOptional());
  }

  /**
   * sum + factor · x Wᵀ over the last dimension.
   *
   * @param sum [..., out]
   * @param x [..., in]
   * @param weight [out, in]
   */
  public static Tensor plusLinear(Tensor sum, Tensor x, Tensor weight, double factor) {
    Tensor flat = sum.reshape(-1, weight.size(0));
    Tensor rows = x.reshape(-1, weight.size(1));
    return torch
        .addmm(flat, rows, weight.t(), new Scalar(1.0), new Scalar(factor))
        .reshape(sum.sizes().vec().get());
  }

  /** Rows of a table [vocabulary, d] at ids of any shape (int64): [..., d]. */
  public static Tensor embedding(Tensor table, Tensor ids) {
    return torch.embedding(table, ids);
  }

  /** Normalisation over the last dimension, with gain and bias [d]. */
  public static Tensor layerNorm(Tensor x, Tensor weight, Tensor bias, double epsilon) {
    return torch.layer_norm(
        x,
        new long[] {weight.size(0)},
        new TensorOptional(weight),
        new TensorOptional(bias),
        epsilon,
        false);
  }

  /**
   * The square root of each number's size, with the number's sign; within {@link #STEEPEST_ROOT} of
   * 0, where the root has no finite slope, a straight line through 0.
   */
  public static Tensor signedRoot(Tensor x) {
    return x.div(x.abs().clamp_min(new Scalar(STEEPEST_ROOT)).sqrt());
  }

  /** Images or clips with their columns in reverse order. */
  public static Tensor mirrored(Tensor views) {
    return views.flip(views.dim() - 1);
  }

  /** x Φ(x). */
  public static Tensor gelu(Tensor x) {
    return torch.gelu(x, "none");
  }

  /** GELU by the tanh formula, as GPT-2 has it. */
  public static Tensor geluTanh(Tensor x) {
    return torch.gelu(x, "tanh");
  }

  /** x sigmoid(1.702 x), as CLIP has it. */
  public static Tensor quickGelu(Tensor x) {
    return x.mul(torch.sigmoid(x.mul(new Scalar(1.702))));
  }

  /** Convolution without bias. */
  public static Tensor conv2d(Tensor x, Tensor weight, int stride, int padding) {
    return convolution(x, weight, new TensorOptional(), stride, padding, 1);
  }

  /** Convolution with bias. */
  public static Tensor conv2d(Tensor x, Tensor weight, Tensor bias, int stride, int padding) {
    return convolution(x, weight, new TensorOptional(bias), stride, padding, 1);
  }

  /**
   * Convolution of groups of channels that do not see each other.
   *
   * @param bias null: none
   */
  public static Tensor conv2d(
      Tensor x, Tensor weight, Tensor bias, int stride, int padding, int groups) {
    TensorOptional added = bias == null ? new TensorOptional() : new TensorOptional(bias);
    return convolution(x, weight, added, stride, padding, groups);
  }

  /**
   * Convolution whose steps differ down and to the right.
   *
   * @param bias null: none
   */
  public static Tensor conv2d(
      Tensor x, Tensor weight, Tensor bias, int[] stride, int[] padding, int groups) {
    TensorOptional added = bias == null ? new TensorOptional() : new TensorOptional(bias);
    return Convolutions.of(x, weight, added, stride, padding, groups);
  }

  private static Tensor convolution(
      Tensor x, Tensor weight, TensorOptional bias, int stride, int padding, int groups) {
    int[] strides = {stride, stride};
    return Convolutions.of(x, weight, bias, strides, new int[] {padding, padding}, groups);
  }

  /**
   * Convolution of clips without bias.
   *
   * @param stride over time, height and width
   * @param padding likewise
   */
  public static Tensor conv3d(Tensor x, Tensor weight, int[] stride, int[] padding) {
    return Convolutions.of(x, weight, new TensorOptional(), stride, padding, 1);
  }

  /**
   * Batch normalisation. In training the batch's own statistics are used and the running ones move
   * in place with momentum 0.1 (unbiased variance).
   */
  public static Tensor batchNorm(
      Tensor x,
      Tensor weight,
      Tensor bias,
      Tensor runningMean,
      Tensor runningVariance,
      boolean training) {
    return torch.batch_norm(
        x,
        new TensorOptional(weight),
        new TensorOptional(bias),
        new TensorOptional(runningMean),
        new TensorOptional(runningVariance),
        training,
        BATCH_NORM_MOMENTUM,
        BATCH_NORM_EPSILON,
        false);
  }

  /**
   * Max pooling with a square window.
   *
   * @param ceil whether a last, partial window counts
   */
  public static Tensor maxPool2d(Tensor x, int window, int stride, int padding, boolean ceil) {
    return torch.max_pool2d(
        x,
        new long[] {window, window},
        new long[] {stride, stride},
        new long[] {padding, padding},
        new long[] {1, 1},
        ceil);
  }

  /** Mean of a map over squares that do not overlap; a partial one at an end does not count. */
  public static Tensor averagePool2d(Tensor x, int window) {
    return torch.avg_pool2d(x, window, window);
  }

  /** Mean over height and width: [n, c, h, w] to [n, c], in float. */
  public static Tensor globalAveragePool(Tensor x) {
    return widened(torch.adaptive_avg_pool2d(x, 1, 1).flatten(1, -1));
  }

  /** Mean over time, height and width: [n, c, t, h, w] to [n, c], in float. */
  public static Tensor globalAveragePool3d(Tensor x) {
    return widened(torch.adaptive_avg_pool3d(x, 1, 1, 1).flatten(1, -1));
  }

  /** Clips as the images they consist of: [n, c, t, h, w] to [n t, c, h, w]. */
  public static Tensor framesAsImages(Tensor clips) {
    return clips.transpose(1, 2).flatten(0, 1);
  }

  private static Dtype floatOf(Tensor x) {
    return Dtype.of(x) == Dtype.FLOAT64 ? Dtype.FLOAT64 : Dtype.FLOAT32;
  }

  /** Zero padding of channels: {@code front} before, {@code back} behind. */
  public static Tensor padChannels(Tensor x, int front, int back) {
    return torch.constant_pad_nd(x, 0, 0, 0, 0, front, back);
  }

  /** Every {@code step}-th row and column. */
  public static Tensor subsample(Tensor x, int step) {
    return torch.slice(
        torch.slice(x, 2, new org.bytedeco.pytorch.LongOptional(0), none(), step),
        3,
        new org.bytedeco.pytorch.LongOptional(0),
        none(),
        step);
  }

  private static org.bytedeco.pytorch.LongOptional none() {
    return new org.bytedeco.pytorch.LongOptional();
  }

  /** A map as a sequence of its places, row by row: [n, d, h, w] to [n, h·w, d]. */
  public static Tensor places(Tensor x) {
    return x.flatten(2, -1).transpose(1, 2);
  }

  /** Sequences [n, length, d] with one token [1, 1, d] before each: [n, 1 + length, d]. */
  public static Tensor prependToken(Tensor x, Tensor token) {
    return Ops.cat(1, token.expand(x.size(0), -1, -1), x);
  }

  /** An element of each sequence: [n, length, d] to [n, d]. */
  public static Tensor token(Tensor x, int index) {
    return x.select(1, index);
  }

  /** Halves as floats; floats and doubles as they are. */
  public static Tensor widened(Tensor x) {
    return Tensors.to(x, floatOf(x));
  }

  /**
   * The same values with channels innermost in memory, which convolutions prefer.
   *
   * @param x images or clips
   */
  public static Tensor channelsLast(Tensor x) {
    return x.contiguous(
        x.dim() == CLIP_DIMENSIONS
            ? torch.MemoryFormat.ChannelsLast3d
            : torch.MemoryFormat.ChannelsLast);
  }

  /**
   * Mixed precision for this thread until closed: convolutions and matrix products in bfloat16.
   *
   * @param enabled if false, nothing changes
   */
  public static ModeGuard autocast(boolean enabled, ComputeDevice device) {
    DeviceType type = device.isCuda() ? DeviceType.CUDA : DeviceType.CPU;
    boolean before = torch.is_autocast_enabled(type);
    if (enabled) {
      torch.set_autocast_dtype(type, torch.ScalarType.BFloat16);
      torch.increment_nesting();
    }
    torch.set_autocast_enabled(type, enabled || before);
    return () -> {
      torch.set_autocast_enabled(type, before);
      if (enabled && torch.decrement_nesting() == 0) {
        torch.clear_cache();
      }
    };
  }
}
