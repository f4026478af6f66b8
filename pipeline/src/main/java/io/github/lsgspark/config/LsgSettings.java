package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * The guidance of the frozen GCN (LSG-SPEC section 5).
 *
 * @param mode {@code official} reproduces the reference, {@code default} is the recipe N1
 * @param alignWeight cg, the factor of L_align
 * @param regularizationWeight cc, the factor of L_r
 * @param textImageWeight w_ti
 * @param imageImageWeight w_ii
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
    BatchGraph batchGraph)
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

  /** Whether the projection has unit length before it enters the graph. */
  public boolean normalizesProjection() {
    return switch (normalizeProjection) {
      case TRUE -> true;
      case FALSE -> false;
      case AUTO -> mode == Mode.DEFAULT;
    };
  }
}
