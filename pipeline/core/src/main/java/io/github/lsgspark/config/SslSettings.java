package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * Use of unlabelled samples.
 *
 * @param strategy name of a registered strategy, or none
 * @param weight cu, the factor of the unlabelled terms
 * @param labeller who gives the labels
 * @param views of unlabelled samples with {@code pseudo-label} and {@code curriculum}; the other
 *     strategies compare a weak and a strong one
 * @param batchRatio unlabelled images of a step for each labelled one; 0: as published
 * @param threshold confidence from which FixMatch takes a pseudo-label
 * @param momentum of FreeMatch's moving averages
 * @param fairnessWeight factor of FreeMatch's fairness term
 * @param warmupSteps steps without unlabelled samples
 * @param rampSteps steps after the warm-up in which {@code weight} grows from 0
 */
public record SslSettings(
    String strategy,
    @Range(min = 0) double weight,
    Terms terms,
    Labeller labeller,
    Views views,
    @Range(min = 0, max = 100) int batchRatio,
    @Range(min = 0, max = 1) double threshold,
    @Range(min = 0, max = 1) double momentum,
    @Range(min = 0) double fairnessWeight,
    CurriculumSettings curriculum,
    PropagationSettings propagation,
    @Range(min = 0) int warmupSteps,
    @Range(min = 0) int rampSteps)
    implements Serializable {

  /** No use of unlabelled samples. */
  public static final String NONE = "none";

  /** Who says what an unlabelled sample is. */
  public enum Labeller {
    /** The classifier. */
    HEAD,
    /** Classifier and class prototypes together; the classifier where there are none. */
    ENSEMBLE
  }

  /** How unlabelled samples are varied; AUTO: strong for a curriculum, else weak. */
  public enum Views {
    AUTO,
    WEAK,
    STRONG,
    WEAK_STRONG
  }

  /**
   * Curriculum labeling; the defaults are the paper's.
   *
   * @param rounds in which all samples are labelled anew, evenly over the steps after the warm-up
   * @param finalShare of the unlabelled samples that the last round takes; earlier ones take evenly
   *     less
   */
  public record CurriculumSettings(
      @Range(min = 1, max = 10000) int rounds, @Range(min = 0, max = 1) double finalShare)
      implements Serializable {}

  /**
   * Label propagation among samples that look alike, before the labels of a pass are chosen.
   *
   * @param neighbours that each sample is joined with
   * @param alpha what a sample takes from its neighbours; it keeps the rest of its own
   * @param balance whether each class is scaled to its part of the labelled samples
   */
  public record PropagationSettings(
      boolean enabled,
      @Range(min = 1, max = 1000) int neighbours,
      @Range(min = 0, max = 1) double alpha,
      boolean balance)
      implements Serializable {}

  /** What pseudo-labels enter. */
  public enum Terms {
    AUTO,
    CROSS_ENTROPY,
    LSG,
    BOTH
  }

  /** Whether unlabelled batches are drawn at all. */
  public boolean active() {
    return !strategy.equals(NONE) && weight > 0;
  }

  /** Whether pseudo-labels enter the LSG losses. */
  public boolean lsg(boolean guided) {
    return guided && terms != Terms.CROSS_ENTROPY;
  }

  /** The factor of the unlabelled terms in a step, counted from 0. */
  public double weightAt(int step) {
    if (step < warmupSteps) {
      return 0;
    }
    return weight * Math.min(1, (step - warmupSteps + 1.0) / Math.max(1, rampSteps));
  }
}
