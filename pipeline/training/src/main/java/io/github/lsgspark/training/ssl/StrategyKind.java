package io.github.lsgspark.training.ssl;

import io.github.lsgspark.config.TrainSettings.Views;

/**
 * A strategy of semi-supervised learning that {@code ssl.strategy} can name. A public class of this
 * kind with a line in {@code META-INF/services/io.github.lsgspark.training.ssl.StrategyKind} is all
 * that a new one takes.
 */
public interface StrategyKind {

  /** As a configuration writes it. */
  String label();

  /** What it is, in one line. */
  String help();

  /** Whether labels are decided on a weak view and train a strong one. */
  default boolean isConsistency() {
    return false;
  }

  /** The views of a strategy that does not compare two, unless {@code ssl.views} names others. */
  default Views views() {
    return Views.WEAK;
  }

  /**
   * Unlabelled images of a step for each labelled one as published, unless {@code ssl.batch-ratio}
   * says otherwise.
   */
  default int batchRatio() {
    return 1;
  }

  /**
   * Whether pseudo-labels enter a cross-entropy, too, where they enter the losses of LSG, unless
   * {@code ssl.terms} says otherwise.
   */
  default boolean classifiesBesideLsg() {
    return true;
  }

  /**
   * Whether it needs the soft labels of stage head, so that {@code head.unlabelled} must be set.
   */
  default boolean takesSoftLabels() {
    return false;
  }

  /** Makes the strategy of a training; every replica has one. */
  PseudoLabelling open(StrategyContext context);
}
