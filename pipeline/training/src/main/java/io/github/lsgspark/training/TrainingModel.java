package io.github.lsgspark.training;

import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.ModeGuard;
import io.github.lsgspark.torch.Ops;
import java.util.Map;
import java.util.Optional;

/**
 * The model while it is trained: the network, what changes its weights, and which weights count
 * outside a step.
 *
 * @param average of the weights, where the settings ask for one
 */
record TrainingModel(
    Network network, Optimizer optimizer, Optional<ModelEma> average, Collective collective) {

  /**
   * The weights that count outside a step, with statistics of batch normalisation that are the same
   * on every replica, at the parameters' places until closed. All replicas call it together.
   */
  ModeGuard inUse() {
    averageStatistics();
    return averaged();
  }

  private ModeGuard averaged() {
    return average.map(ModelEma::inUse).orElse(() -> {});
  }

  private void averageStatistics() {
    if (collective.worldSize() > 1 && network.statistics().numel() > 0) {
      collective.allReduceSum(network.statistics(), "the statistics of batch normalisation");
      Ops.mulInPlace(network.statistics(), 1.0 / collective.worldSize());
    }
  }

  /** Brings statistics and momentum up to date, for a checkpoint. All replicas call it together. */
  void gather() {
    averageStatistics();
    optimizer.gather();
  }

  /** A copy of the tensors that count outside a step; after {@link #gather}. */
  Map<String, HostArray> export() {
    try (ModeGuard weights = averaged()) {
      return network.export();
    }
  }
}
