package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * Use of unlabelled samples.
 *
 * @param weight cu, the factor of the unlabelled terms
 */
public record SslSettings(Strategy strategy, @Range(min = 0) double weight)
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
