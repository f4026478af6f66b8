package io.github.lsgspark.head;

import io.github.lsgspark.head.SoftLabelTable.Sparse;
import java.io.Serializable;

/**
 * What all heads together say of one sample.
 *
 * @param sample its id
 * @param split of it
 * @param truth its class, -1 where it is unknown
 * @param choices the class that each head predicts [M], {@link #NONE} of one without features of it
 * @param shares the mean of the ballots, classes without votes left out
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
record Tally(String sample, String split, int truth, int[] choices, Sparse shares)
    implements Serializable {
  static final int NONE = -1;

  /** Whether no class has more than half of the heads that vote. */
  boolean lacksMajority() {
    int cast = 0;
    int most = 0;
    for (int choice : choices) {
      if (choice == NONE) {
        continue;
      }
      cast++;
      int same = 0;
      for (int other : choices) {
        same += other == choice ? 1 : 0;
      }
      most = Math.max(most, same);
    }
    return 2 * most <= cast;
  }

  /** The part of a right prediction: of k classes that have most alike, each counts 1/k. */
  double rightness() {
    float[] p = shares.probabilities();
    float most = 0;
    for (float one : p) {
      most = Math.max(most, one);
    }
    int tied = 0;
    boolean right = false;
    for (int i = 0; i < p.length; i++) {
      if (p[i] == most) {
        tied++;
        right |= shares.classes()[i] == truth;
      }
    }
    return right ? 1.0 / tied : 0;
  }

  /**
   * The same with every class's share multiplied by its scale.
   *
   * @param logs logarithms of the scales [C]
   */
  Tally scaled(double[] logs) {
    int[] classes = shares.classes();
    float[] p = shares.probabilities();
    double[] scaled = new double[p.length];
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < p.length; i++) {
      scaled[i] = Math.log(p[i]) + logs[classes[i]];
      largest = Math.max(largest, scaled[i]);
    }
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      scaled[i] = Math.exp(scaled[i] - largest);
      sum += scaled[i];
    }
    float[] shared = new float[p.length];
    for (int i = 0; i < p.length; i++) {
      shared[i] = (float) (scaled[i] / sum);
    }
    return new Tally(sample, split, truth, choices, new Sparse(classes, shared, shares.weight()));
  }

  /** The logarithms of the shares at {@code row} of a matrix with C columns that holds none. */
  void logs(float[] matrix, int row, int columns) {
    for (int i = 0; i < shares.classes().length; i++) {
      matrix[row * columns + shares.classes()[i]] = (float) Math.log(shares.probabilities()[i]);
    }
  }

  /** As a row of a {@link SoftLabelTable}: each sample weighs alike. */
  SoftLabel softLabel(int columns) {
    float[] all = new float[columns];
    for (int i = 0; i < shares.classes().length; i++) {
      all[shares.classes()[i]] = shares.probabilities()[i];
    }
    return new SoftLabel(sample, all, shares.weight());
  }
}
