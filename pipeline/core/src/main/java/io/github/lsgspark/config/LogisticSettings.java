package io.github.lsgspark.config;

import java.io.Serializable;
import java.util.List;

/**
 * Multinomial regression.
 *
 * @param lambdas factors of half the squared weights that are tried where {@code head.lambda} is
 *     {@code auto}
 * @param folds parts of the labelled samples, each of which is left out once
 * @param iterations of a fit at most
 * @param tolerance of the gradient's length, in parts of what it is without any weights
 */
public record LogisticSettings(
    @Range(min = 1e-9, max = 1e9) List<Double> lambdas,
    @Range(min = 2, max = 100) int folds,
    @Range(min = 1, max = 100000) int iterations,
    @Range(min = 1e-12, max = 0.1) double tolerance)
    implements Serializable {

  /** Refuses what leaves nothing to try. */
  public LogisticSettings {
    if (lambdas.isEmpty()) {
      throw new IllegalArgumentException("lambdas needs at least one number, but was: []");
    }
  }
}
