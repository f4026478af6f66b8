package io.github.lsgspark.evaluation;

import java.io.Serializable;

/**
 * The class in the middle of a distribution over the classes with labels, whether it has labels
 * itself or not: argmin over all classes y of the sum over seen classes l of P(l|x) d(y, l)², as
 * Loki predicts (Roberts et al., "Geometry-Aware Adaptation for Pretrained Models", NeurIPS 2023).
 * Immutable, one for all threads.
 */
final class FrechetMean implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int[] seen;
  private final float[][] squared;

  /**
   * @param seen numbers of the classes with labels [S]
   * @param squared distances d² from each of them to all classes [S][C]
   */
  FrechetMean(int[] seen, float[][] squared) {
    this.seen = seen;
    this.squared = squared;
  }

  /**
   * The mean squared distance of every class from the distribution [C]: the smaller, the nearer to
   * its middle.
   *
   * @param logits of the head [C]; P is their softmax over the seen classes alone
   */
  double[] spread(double[] logits) {
    double[] known = new double[seen.length];
    for (int i = 0; i < seen.length; i++) {
      known[i] = logits[seen[i]];
    }
    double[] probabilities = TopKPrediction.softmax(known, 1);
    double[] spread = new double[logits.length];
    for (int i = 0; i < seen.length; i++) {
      float[] distances = squared[i];
      double probability = probabilities[i];
      for (int c = 0; c < spread.length; c++) {
        spread[c] += probability * distances[c];
      }
    }
    return spread;
  }
}
