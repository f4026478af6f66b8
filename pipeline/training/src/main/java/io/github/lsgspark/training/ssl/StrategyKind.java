package io.github.lsgspark.training.ssl;

import io.github.lsgspark.config.TrainSettings.Views;
import java.util.Optional;

/**
 * A strategy of semi-supervised learning that {@code ssl.strategy} can name. A public class of this
 * kind with a line in {@code META-INF/services/io.github.lsgspark.training.ssl.StrategyKind} is all
 * that a new one takes.
 */
public interface StrategyKind {
  /** Stages that find soft labels. */
  String HEAD = "head";

  String VOTE = "vote";

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
   * The stage whose soft labels it needs: {@link #HEAD}, so that {@code head.unlabelled} must be
   * set, or {@link #VOTE}, so that {@code vote.members} must name some; empty: it needs none.
   */
  default Optional<String> softLabelsOf() {
    return Optional.empty();
  }

  /** Makes the strategy of a training; every replica has one. */
  PseudoLabelling open(StrategyContext context);
}
