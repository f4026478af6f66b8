package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * Which pairs of text nodes are joined (LSG-SPEC section 2).
 *
 * @param edgeRatio share of all N² ordered pairs, self pairs included, for {@code global-ratio} and
 *     {@code euclidean}
 * @param k neighbours per node for {@code knn}
 * @param threshold for {@code threshold}: min-max normalised cosine above which a pair is joined
 * @param forceSameClass all prompts of one class are joined (gen_A2Plus); the training graph of the
 *     GCN only. The graph that guides the backbone is built without it, as in the reference
 * @param blockRows rows of one similarity block
 */
public record GraphSettings(
    Selection selection,
    @Range(min = 1e-12, max = 1) double edgeRatio,
    @Range(min = 1, max = 100000) int k,
    Symmetry symmetry,
    @Range(min = -1, max = 1) double threshold,
    boolean forceSameClass,
    @Range(min = 16, max = 65536) int blockRows)
    implements Serializable {

  /** The selections. */
  public enum Selection {
    GLOBAL_RATIO,
    THRESHOLD,
    EUCLIDEAN,
    KNN
  }

  /** How the k-nearest-neighbour relation is made symmetric. */
  public enum Symmetry {
    UNION,
    MUTUAL
  }
}
