package io.github.lsgspark.config;

import java.io.Serializable;
import java.util.List;

/**
 * Baselines of transfer learning: terms that a training adds to its loss.
 *
 * @param methods those that take part, all together
 * @param projectionDimension numbers of a projection that no label graph gives the number of
 */
public record TransferSettings(
    List<Method> methods,
    L2SpSettings l2Sp,
    BssSettings bss,
    ContrastSettings supCon,
    ProjectedSettings projectedCrossEntropy,
    ContrastSettings biTuning,
    CoTuningSettings coTuning,
    @Range(min = 1, max = 65536) int projectionDimension)
    implements Serializable {

  /** The baselines. */
  public enum Method {
    /** Weights are drawn to where they started (Li, Grandvalet and Davoine, ICML 2018). */
    L2_SP,
    /** Small singular values of the features are made smaller (Chen et al., NeurIPS 2019). */
    BSS,
    /** Projections of a class are drawn together (Khosla et al., NeurIPS 2020). */
    SUP_CON,
    /** A second classifier on the projections. */
    PROJECTED_CROSS_ENTROPY,
    /** Contrasts of projections and of the classifier's scores (Zhong et al., 2020). */
    BI_TUNING,
    /** The source task's classifier is taught what target classes look like (You et al., 2020). */
    CO_TUNING
  }

  /** Whether a method takes part. */
  public boolean uses(Method method) {
    return methods.contains(method);
  }

  /** Whether a method looks at projections. */
  public boolean projects() {
    return uses(Method.SUP_CON) || uses(Method.PROJECTED_CROSS_ENTROPY) || uses(Method.BI_TUNING);
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

  /**
   * A contrast of the samples of a batch.
   *
   * @param weight factor of the term
   * @param temperature similarities are divided by it
   */
  public record ContrastSettings(
      @Range(min = 0) double weight, @Range(min = 0.001, max = 1000) double temperature)
      implements Serializable {}

  /**
   * A classifier on the projections.
   *
   * @param weight factor of its cross entropy
   */
  public record ProjectedSettings(@Range(min = 0) double weight) implements Serializable {}

  /**
   * The classifier of the source task beside the target's.
   *
   * @param weight factor of its cross entropy
   */
  public record CoTuningSettings(@Range(min = 0) double weight) implements Serializable {}
}
