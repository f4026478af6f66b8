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

  /**
   * The numbers of a step have come, in the order of the steps. On a device some steps later, so
   * that tensors are only those of the last step.
   */
  default void stepped(StepReport report) {}

  /**
   * Whether all steps so far must be reported before {@link #between}; the same on every replica.
   *
   * @param done steps taken
   */
  default boolean needsReports(int done) {
    return false;
  }

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
