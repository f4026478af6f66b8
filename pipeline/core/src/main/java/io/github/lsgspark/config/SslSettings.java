package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * Use of unlabelled samples.
 *
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
    Strategy strategy,
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

  /** Where pseudo-labels come from, and which are taken. */
  public enum Strategy {
    NONE,
    /** All of them, from a pass over the samples now and then, as the reference does. */
    PSEUDO_LABEL,
    /** Those above a fixed confidence on the weak view train the strong one. */
    FIXMATCH,
    /** The same with confidences that follow what has been learnt, for each class. */
    FREEMATCH,
    /** The most confident ones of each class, more of them from round to round. */
    CURRICULUM
  }

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
    return strategy != Strategy.NONE && weight > 0;
  }

  /** Whether labels are decided on a weak view and train a strong one. */
  public boolean consistency() {
    return strategy == Strategy.FIXMATCH || strategy == Strategy.FREEMATCH;
  }

  /** Whether pseudo-labels enter a cross-entropy. */
  public boolean crossEntropy(boolean guided) {
    return switch (terms) {
      case AUTO -> strategy != Strategy.PSEUDO_LABEL || !guided;
      case CROSS_ENTROPY, BOTH -> true;
      case LSG -> false;
    };
  }

  /** Whether pseudo-labels enter the LSG losses. */
  public boolean lsg(boolean guided) {
    return guided && terms != Terms.CROSS_ENTROPY;
  }

  /** The views of strategies that do not compare two. */
  public TrainSettings.Views augmentation() {
    return switch (views) {
      case AUTO ->
          strategy == Strategy.CURRICULUM ? TrainSettings.Views.STRONG : TrainSettings.Views.WEAK;
      case WEAK -> TrainSettings.Views.WEAK;
      case STRONG -> TrainSettings.Views.STRONG;
      case WEAK_STRONG -> TrainSettings.Views.WEAK_STRONG;
    };
  }

  /** Unlabelled images of a step for each labelled one. */
  public int imagesPerLabelled() {
    if (batchRatio > 0) {
      return batchRatio;
    }
    return switch (strategy) {
      case FIXMATCH, FREEMATCH -> 7;
      case CURRICULUM -> 4;
      case NONE, PSEUDO_LABEL -> 1;
    };
  }

  /** The factor of the unlabelled terms in a step, counted from 0. */
  public double weightAt(int step) {
    if (step < warmupSteps) {
      return 0;
    }
    return weight * Math.min(1, (step - warmupSteps + 1.0) / Math.max(1, rampSteps));
  }
}
