package io.github.lsgspark.backbone;

import io.github.lsgspark.torch.NeuralOps;
import org.bytedeco.pytorch.Tensor;

/** How batch normalisation takes its statistics. */
@FunctionalInterface
public interface BatchNormalization {

  /**
   * Normalises over all dimensions but the second.
   *
   * @param x [n, channels, ...]
   * @param weight gain [channels]; bias, running mean and variance likewise
   */
  Tensor apply(Tensor x, Tensor weight, Tensor bias, Tensor runningMean, Tensor runningVariance);

  /** Whether a module of the user's, which normalises by itself, runs in training mode. */
  default boolean training() {
    return true;
  }

  /** Values of a channel that a variance can be estimated from. */
  int FEWEST_VALUES = 2;

  /**
   * The batch's own statistics; the running ones move with momentum 0.1 (unbiased variance). A
   * batch with fewer than {@link #FEWEST_VALUES} values of a channel has no variance: it is
   * normalised by the running statistics, which stay as they are (PyTorch refuses it).
   */
  static BatchNormalization batchStatistics() {
    return (x, weight, bias, mean, variance) ->
        NeuralOps.batchNorm(
            x, weight, bias, mean, variance, x.numel() / x.size(1) >= FEWEST_VALUES);
  }

  /** The running statistics, which stay as they are: for evaluation and for frozen statistics. */
  static BatchNormalization runningStatistics() {
    return new BatchNormalization() {
      @Override
      public Tensor apply(
          Tensor x, Tensor weight, Tensor bias, Tensor runningMean, Tensor runningVariance) {
        return NeuralOps.batchNorm(x, weight, bias, runningMean, runningVariance, false);
      }

      @Override
      public boolean training() {
        return false;
      }
    };
  }
}
