package io.github.lsgspark.config;

import java.io.Serializable;
import java.util.Locale;

/**
 * Which pairs of text nodes are joined (docs/method.md, section 2).
 *
 * @param edgeRatio share of all N² ordered pairs, self pairs included, for {@code global-ratio} and
 *     {@code euclidean}
 * @param k neighbours per node for {@code knn}, per label for {@code taxonomy}
 * @param threshold for {@code threshold}: min-max normalised cosine above which a pair is joined
 * @param forceSameClass all prompts of one class are joined (gen_A2Plus); the training graph of the
 *     GCN only. The graph that guides the backbone is built without it, as in the reference
 * @param blockRows nodes of one block of the search at most
 * @param search how nearest neighbours are found
 * @param exactLimit multiplications, N² D / 2, up to which {@code auto} searches exactly
 * @param searchWidth candidates that an approximate search follows at once
 * @param searchProbes cells that a node asks in an approximate search
 * @param nearClasses classes whose nodes a two-level search looks at
 * @param recallSample nodes for which an approximate search is compared with the exact one
 */
public record GraphSettings(
    Selection selection,
    @Range(min = 1e-12, max = 1) double edgeRatio,
    @Range(min = 1, max = 100000) int k,
    Symmetry symmetry,
    @Range(min = -1, max = 1) double threshold,
    boolean forceSameClass,
    @Range(min = 16, max = 65536) int blockRows,
    Search search,
    @Range(min = 0) double exactLimit,
    @Range(min = 1, max = 10000) int searchWidth,
    @Range(min = 1, max = 10000) int searchProbes,
    @Range(min = 1, max = 100000) int nearClasses,
    @Range(min = 1, max = 100000) int recallSample)
    implements Serializable {

  /** The selections. */
  public enum Selection {
    GLOBAL_RATIO,
    THRESHOLD,
    EUCLIDEAN,
    KNN,
    TAXONOMY
  }

  /** How the k-nearest-neighbour relation is made symmetric. */
  public enum Symmetry {
    UNION,
    MUTUAL
  }

  /** Ways to find nearest neighbours. */
  public enum Search {
    AUTO,
    EXACT,
    APPROXIMATE,
    TWO_LEVEL;

    /** As it is written in a configuration. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
