package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * The guidance of the frozen GCN (docs/method.md, section 4).
 *
 * @param mode {@code official} reproduces the reference, {@code default} is the recipe N1 with a
 *     term against the class prototypes (docs/recipes.md)
 * @param alignWeight cg, the factor of L_align
 * @param regularizationWeight cc, the factor of L_r
 * @param textImageWeight w_ti
 * @param imageImageWeight w_ii
 * @param alignLogits which scores L_align is computed on
 * @param alignTemperature they are divided by it
 * @param prototypeTerm whether there is a cross entropy of the projection against the class
 *     prototypes; AUTO: in default mode
 * @param prototypeWeight its factor
 * @param prototypeScale of the cosines in it
 * @param normalizeProjection unit length before the projection enters the graph; AUTO: on in
 *     default mode, off in official mode
 */
public record LsgSettings(
    boolean enabled,
    Mode mode,
    @Range(min = 0) double alignWeight,
    @Range(min = 0) double regularizationWeight,
    @Range(min = 0, max = 1000) double textImageWeight,
    @Range(min = 0, max = 1000) double imageImageWeight,
    Projector projector,
    Toggle normalizeProjection,
    LabelGraph labelGraph,
    BatchGraph batchGraph,
    AlignLogits alignLogits,
    @Range(min = 0.001, max = 1000) double alignTemperature,
    Toggle prototypeTerm,
    @Range(min = 0) double prototypeWeight,
    @Range(min = 0.001, max = 1000) double prototypeScale,
    SoftLabelSettings softLabels,
    ScheduleSettings schedule)
    implements Serializable {

  /** Which maths. */
  public enum Mode {
    DEFAULT,
    OFFICIAL
  }

  /** The map from features to the text space. */
  public enum Projector {
    LINEAR,
    MLP
  }

  /** On, off, or as the mode says. */
  public enum Toggle {
    AUTO,
    TRUE,
    FALSE
  }

  /** Which texts the graph is made of: the labels' own, or a control. */
  public enum LabelGraph {
    TEXT,
    ONE_HOT,
    SHUFFLED
  }

  /** Which images enter the graph of a step: the global batch, or a replica's own part. */
  public enum BatchGraph {
    GLOBAL,
    LOCAL
  }

  /** What L_align compares: the second layer's product as it is, or as a cosine. */
  public enum AlignLogits {
    DOT,
    COSINE
  }

  /**
   * Targets of the classifier that know which classes are near in meaning.
   *
   * @param share of the target that goes to other classes than the sample's own; 0: none
   * @param temperature of the softmax over the cosines to the other classes that divides it
   */
  public record SoftLabelSettings(
      @Range(min = 0, max = 1) double share, @Range(min = 0.001, max = 1000) double temperature)
      implements Serializable {}

  /**
   * How the weight of the guidance changes in the course of a training.
   *
   * @param warmup share of the steps in which it grows from 0
   * @param decayFrom share of the steps after which it falls in a straight line
   * @param finalFactor what it falls to at the last step
   */
  public record ScheduleSettings(
      @Range(min = 0, max = 1) double warmup,
      @Range(min = 0, max = 1) double decayFrom,
      @Range(min = 0, max = 1) double finalFactor)
      implements Serializable {

    /** The factor of all terms of the guidance in a step, counted from 0. */
    public double factorAt(int step, int steps) {
      double place = (step + 1.0) / steps;
      double rise = place < warmup ? place / warmup : 1;
      double fall =
          place > decayFrom ? 1 - (1 - finalFactor) * (place - decayFrom) / (1 - decayFrom) : 1;
      return rise * fall;
    }
  }

  /** Whether the projection has unit length before it enters the graph. */
  public boolean normalizesProjection() {
    return on(normalizeProjection);
  }

  /** The factor of the term against the class prototypes; 0 if there is none. */
  public double prototypeFactor() {
    return on(prototypeTerm) ? prototypeWeight : 0;
  }

  private boolean on(Toggle toggle) {
    return switch (toggle) {
      case TRUE -> true;
      case FALSE -> false;
      case AUTO -> mode == Mode.DEFAULT;
    };
  }
}
