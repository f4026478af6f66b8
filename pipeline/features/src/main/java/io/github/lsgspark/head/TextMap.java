package io.github.lsgspark.head;

import java.util.List;

/**
 * A linear map from transformed features to the texts of classes, by which a sample is told to be
 * of the class whose text has the largest cosine to what it is mapped to, whether that class has
 * labels or not.
 *
 * @param weight row-major [D, d]
 * @param texts of all classes
 * @param lambda factor of the squared weights
 * @param tried what classes that were left out say of each λ; empty where it was given
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
public record TextMap(double[] weight, ClassTexts texts, double lambda, List<Judged> tried) {

  /**
   * A λ, and how well it tells classes that are left out.
   *
   * @param accuracy share of the samples of classes that are left out whose class is found among
   *     those left out with it
   * @param guessing what guessing would reach
   */
  public record Judged(double lambda, double accuracy, double guessing) {}
}
