package io.github.lsgspark.evaluation;

import java.io.Serializable;
import java.util.Arrays;

/**
 * What a classifier says about one sample: the most probable classes, best first, at most {@value
 * #TOP} of them. Of equal probabilities the lower class number comes first.
 *
 * @param ids class numbers
 * @param probabilities of these classes, in (0, 1]
 * @param entropy of the probabilities of all classes, in nats: 0 where one has all, ln C where all
 *     have the same; NaN if it is not known
 */
record TopKPrediction(int[] ids, double[] probabilities, double entropy) implements Serializable {
  static final int TOP = 5;

  TopKPrediction(int[] ids, double[] probabilities) {
    this(ids, probabilities, Double.NaN);
  }

  /** softmax(scale · value). */
  static double[] softmax(double[] values, double scale) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      largest = Math.max(largest, scale * value);
    }
    double[] probabilities = new double[values.length];
    double sum = 0;
    for (int c = 0; c < values.length; c++) {
      probabilities[c] = Math.exp(scale * values[c] - largest);
      sum += probabilities[c];
    }
    for (int c = 0; c < values.length; c++) {
      probabilities[c] /= sum;
    }
    return probabilities;
  }

  /**
   * The best of all.
   *
   * @param probabilities of all classes
   */
  static TopKPrediction of(double[] probabilities) {
    int count = Math.min(TOP, probabilities.length);
    int[] ids = new int[count];
    double[] top = new double[count];
    Arrays.fill(top, Double.NEGATIVE_INFINITY);
    for (int c = 0; c < probabilities.length; c++) {
      int place = count;
      while (place > 0 && probabilities[c] > top[place - 1]) {
        place--;
      }
      if (place < count) {
        System.arraycopy(top, place, top, place + 1, count - place - 1);
        System.arraycopy(ids, place, ids, place + 1, count - place - 1);
        top[place] = probabilities[c];
        ids[place] = c;
      }
    }
    return new TopKPrediction(ids, top, entropy(probabilities));
  }

  private static double entropy(double[] probabilities) {
    double entropy = 0;
    for (double probability : probabilities) {
      entropy -= probability > 0 ? probability * Math.log(probability) : 0;
    }
    return entropy;
  }

  int predicted() {
    return ids[0];
  }

  double confidence() {
    return probabilities[0];
  }

  boolean topHolds(int label) {
    return Arrays.stream(ids).anyMatch(id -> id == label);
  }
}
