package io.github.lsgspark.training;

import io.github.lsgspark.backbone.BatchNormalization;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.ModeGuard;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.NeuralOps;
import io.github.lsgspark.torch.Tensors;
import java.util.Locale;
import org.bytedeco.pytorch.Tensor;

/**
 * How a replica computes.
 *
 * @param bfloat16 whether convolutions and products of the backbone run in bfloat16
 * @param channelsLast whether images lie with channels innermost
 * @param tf32 whether a GPU rounds float32 products
 * @param batchNorm statistics of batch normalisation in training
 */
record PrecisionPolicy(
    ComputeDevice device,
    boolean bfloat16,
    boolean channelsLast,
    boolean tf32,
    TrainSettings.BatchNorm batchNorm) {

  /**
   * @param precision of all replicas ({@link PrecisionChoice}); not AUTO
   */
  static PrecisionPolicy of(
      TrainSettings train, TrainSettings.Precision precision, ComputeDevice device) {
    boolean channelsLast = train.layout().chosen() == TrainSettings.Layout.CHANNELS_LAST;
    boolean tf32 = device.isCuda() && train.tf32();
    NativeTorch.allowTf32(tf32);
    NativeTorch.tryConvolutions(device.isCuda());
    return new PrecisionPolicy(
        device,
        precision == TrainSettings.Precision.BFLOAT16,
        channelsLast,
        tf32,
        train.batchNorm());
  }

  /** The statistics of batch normalisation in training. */
  BatchNormalization normalization(Collective collective) {
    return switch (batchNorm) {
      case LOCAL -> BatchNormalization.batchStatistics();
      case SYNCHRONIZED ->
          collective.worldSize() == 1
              ? BatchNormalization.batchStatistics()
              : new SynchronizedBatchNorm(collective);
      case FROZEN -> BatchNormalization.runningStatistics();
    };
  }

  /** Images as the backbone takes them: on the device, in the right order. */
  Tensor images(Tensor views) {
    Tensor moved = Tensors.streamed(views, Dtype.FLOAT32, device);
    return channelsLast ? NeuralOps.channelsLast(moved) : moved;
  }

  /** Mixed precision for this thread until closed, if it is on. */
  ModeGuard mixed() {
    return NeuralOps.autocast(bfloat16, device);
  }

  /** As metrics.json has it. */
  String precision() {
    return bfloat16 ? "bfloat16" : "float32";
  }

  /** As metrics.json has it. */
  String layout() {
    return channelsLast ? "channels-last" : "contiguous";
  }

  @Override
  public String toString() {
    return device
        + ", "
        + precision()
        + (tf32 ? " (TF32 products)" : "")
        + ", "
        + layout()
        + ", batch norm "
        + batchNorm.name().toLowerCase(Locale.ROOT);
  }
}
