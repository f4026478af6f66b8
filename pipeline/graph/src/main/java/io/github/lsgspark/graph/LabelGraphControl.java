package io.github.lsgspark.graph;

import io.github.lsgspark.config.LsgSettings;
import java.io.Serializable;
import java.util.SplittableRandom;

/**
 * Which texts stand for which class: the labels' own, or one of two controls that tell whether the
 * meaning of the texts matters.
 */
final class LabelGraphControl implements Serializable {
  private static final long serialVersionUID = 1L;

  private final LsgSettings.LabelGraph kind;
  private final int[] sourceClass;
  private final int classes;

  /**
   * @param classes number of classes C
   */
  LabelGraphControl(LsgSettings.LabelGraph kind, int classes, long seed) {
    this.kind = kind;
    this.classes = classes;
    this.sourceClass =
        kind == LsgSettings.LabelGraph.SHUFFLED
            ? ShuffledTexts.of(classes, seed, "lsg.label-graph")
            : ShuffledTexts.none(classes);
  }

  /** A random permutation in which no class keeps its own texts (Sattolo's cycle). */
  static int[] derangement(int size, long seed) {
    int[] order = ShuffledTexts.none(size);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = size - 1; i > 0; i--) {
      int j = random.nextInt(i);
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
    return order;
  }

  /** The class that is guided by the texts of {@code source}. */
  int guidedClass(int source) {
    return sourceClass[source];
  }

  /** How the classes relate that are guided by the texts of a tree's labels. */
  LabelTree given(LabelTree tree) {
    return switch (kind) {
      case TEXT -> tree;
      case SHUFFLED -> tree.moved(sourceClass);
      case ONE_HOT -> tree.unrelated();
    };
  }

  /**
   * The vector of a node. For one-hot, class c becomes the unit vector e_c plus the deviation of
   * this prompt from the class's mean, so that prompts vary as the texts do but classes are equally
   * far apart; the length is one.
   *
   * @param own the prompt's embedding
   * @param mean mean embedding of its class over all prompts
   */
  float[] vector(int label, float[] own, double[] mean) {
    if (kind != LsgSettings.LabelGraph.ONE_HOT) {
      return own;
    }
    int dimension = Math.max(own.length, classes);
    double[] vector = new double[dimension];
    for (int d = 0; d < own.length; d++) {
      vector[d] = own[d] - mean[d];
    }
    vector[label] += 1;
    double squares = 0;
    for (double v : vector) {
      squares += v * v;
    }
    float[] unit = new float[dimension];
    for (int d = 0; d < dimension; d++) {
      unit[d] = (float) (vector[d] / Math.sqrt(squares));
    }
    return unit;
  }
}
