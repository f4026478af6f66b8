package io.github.lsgspark.training;

import io.github.lsgspark.backbone.BatchNormalization;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.ModeGuard;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;

/**
 * Refuses, before the first step, a batch that is too small to be normalised: a layer of batch
 * normalisation needs two values of each channel, counted over the rows and the places of its map.
 */
final class BatchNormRows {
  private static final long NONE = Long.MAX_VALUE;

  private final TrainSettings train;
  private final int replicas;

  /**
   * @param replicas of the training
   */
  BatchNormRows(TrainSettings train, int replicas) {
    this.train = train;
    this.replicas = replicas;
  }

  /**
   * @throws LsgException exit 2 if a part of a step may be too small
   */
  void require(Network network, PrecisionPolicy policy, long[] view) {
    if (train.batchNorm() == TrainSettings.BatchNorm.FROZEN) {
      return;
    }
    long each = valuesOfOneRow(network, policy, view);
    if (each == NONE || rows() * each >= BatchNormalization.FEWEST_VALUES) {
      return;
    }
    throw LsgException.usage(
        "train.batch-norm = "
            + train.batchNorm().name().toLowerCase(Locale.ROOT)
            + " needs at least "
            + BatchNormalization.FEWEST_VALUES
            + " values of a channel, but train.global-batch = "
            + train.globalBatch()
            + ", train.views = "
            + train.views()
            + ", train.accumulation = "
            + train.accumulation()
            + " and "
            + replicas
            + " replica(s) leave one, of one row"
            + (synchronizes() ? "" : " of a replica")
            + "; set train.global-batch = "
            + enough()
            + " or more, or train.batch-norm = "
            + (replicas > 1 && !synchronizes() ? "synchronized or frozen" : "frozen"));
  }

  private boolean synchronizes() {
    return train.batchNorm() == TrainSettings.BatchNorm.SYNCHRONIZED;
  }

  /** Rows that are normalised together, where they are fewest. */
  private long rows() {
    long images = train.globalBatch() / train.accumulation();
    return (synchronizes() ? images : images / replicas) * train.views();
  }

  /** The smallest global batch with two rows wherever it is divided. */
  private long enough() {
    return (long) BatchNormalization.FEWEST_VALUES
        * train.accumulation()
        * (synchronizes() ? 1 : replicas);
  }

  /** Values that one row gives a channel, at the layer where they are fewest. */
  private static long valuesOfOneRow(Network network, PrecisionPolicy policy, long[] view) {
    Counting counting = new Counting();
    if (!network.normalizesFeatures() && !network.normalizesProjections()) {
      return NONE;
    }
    try (TensorScope scope = new TensorScope();
        ModeGuard guard = Autograd.noGrad()) {
      Tensor features =
          network.normalizesFeatures()
              ? network.features(policy.images(row(view)), counting)
              : Tensors.zeros(Dtype.FLOAT32, policy.device(), 1, network.featureDimension());
      if (network.normalizesProjections()) {
        Tensor unused = network.project(features, counting);
      }
    }
    return counting.fewest;
  }

  private static Tensor row(long[] view) {
    long[] shape = LongStream.concat(LongStream.of(1), Arrays.stream(view)).toArray();
    return Tensors.of(new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)], shape);
  }

  /** Normalises by the running statistics, and counts. */
  private static final class Counting implements BatchNormalization {
    private long fewest = NONE;

    @Override
    public Tensor apply(
        Tensor x, Tensor weight, Tensor bias, Tensor runningMean, Tensor runningVariance) {
      fewest = Math.min(fewest, x.numel() / (x.size(0) * x.size(1)));
      return BatchNormalization.runningStatistics()
          .apply(x, weight, bias, runningMean, runningVariance);
    }

    @Override
    public boolean training() {
      return false;
    }
  }
}
