package io.github.lsgspark.training;

import java.util.Map;

/**
 * Takes part in a training beside its steps: averages weights, measures, validates, saves. Every
 * replica has the same listeners and calls them at the same points, in their order.
 */
interface TrainerListener {

  /**
   * The optimiser has changed the weights.
   *
   * @param step from 0
   */
  default void updated(int step) {}

  /** A step was taken; its tensors are still there. */
  default void stepped(StepReport report) {}

  /**
   * Between two steps, and after the last one.
   *
   * @param done steps taken
   * @param stopping whether the training ends here, before its last step
   */
  default void between(int done, boolean stopping) {}

  /**
   * Entries of metrics.json, after the last step.
   *
   * @param seconds that this attempt took
   */
  default Map<String, Object> metrics(double seconds) {
    return Map.of();
  }
}
