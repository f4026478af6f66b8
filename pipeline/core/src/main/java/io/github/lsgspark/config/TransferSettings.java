package io.github.lsgspark.config;

import java.io.Serializable;
import java.util.List;

/**
 * Baselines of transfer learning: terms that a training adds to its loss.
 *
 * @param methods those that take part, all together
 */
public record TransferSettings(List<Method> methods, L2SpSettings l2Sp, BssSettings bss)
    implements Serializable {

  /** The baselines. */
  public enum Method {
    /** Weights are drawn to where they started (Li, Grandvalet and Davoine, ICML 2018). */
    L2_SP,
    /** Small singular values of the features are made smaller (Chen et al., NeurIPS 2019). */
    BSS
  }

  /** Whether a method takes part. */
  public boolean uses(Method method) {
    return methods.contains(method);
  }

  /**
   * The factors of L2-SP; the defaults are those of the authors' training script.
   *
   * @param alpha of the parameters that the pretrained weights brought
   * @param beta of the new ones
   */
  public record L2SpSettings(@Range(min = 0) double alpha, @Range(min = 0) double beta)
      implements Serializable {}

  /**
   * Batch spectral shrinkage; the defaults are the paper's.
   *
   * @param eta factor of the term
   * @param k how many of the smallest singular values
   */
  public record BssSettings(@Range(min = 0) double eta, @Range(min = 1, max = 100000) int k)
      implements Serializable {}
}
