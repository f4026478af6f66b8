package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * Use of unlabelled samples.
 *
 * @param weight cu, the factor of the unlabelled terms
 * @param views of unlabelled samples
 */
public record SslSettings(
    Strategy strategy, @Range(min = 0) double weight, TrainSettings.Views views)
    implements Serializable {

  /** The strategies. */
  public enum Strategy {
    NONE,
    PSEUDO_LABEL
  }

  /** Whether unlabelled batches are drawn at all. */
  public boolean active() {
    return strategy != Strategy.NONE && weight > 0;
  }
}
