package io.github.lsgspark.head;

import java.io.Serializable;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * The weights M of a multinomial regression by its free numbers: W itself, or W and behind it α,
 * for M = W + diag(α) T.
 *
 * @param d numbers of a row
 * @param texts T, row-major [C, d]; null without
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
record WeightForm(int classes, int d, double[] texts) implements Serializable {

  private boolean hasTexts() {
    return texts != null;
  }

  /** Of W. */
  private int own() {
    return classes * d;
  }

  /** How many numbers are free. */
  int numbers() {
    return own() + (hasTexts() ? classes : 0);
  }

  /** M, row-major [C, d]. */
  double[] weight(double[] point) {
    if (!hasTexts()) {
      return point;
    }
    double[] weight = Arrays.copyOf(point, own());
    for (int c = 0; c < classes; c++) {
      addText(weight, c, point[own() + c]);
    }
    return weight;
  }

  private void addText(double[] weight, int c, double factor) {
    for (int i = c * d; i < (c + 1) * d; i++) {
      weight[i] += factor * texts[i];
    }
  }

  /** M, where a class without samples has the others' mean α and its text alone. */
  double[] withoutSamples(double[] point, ClassCounts counts) {
    double[] weight = weight(point);
    if (!hasTexts()) {
      return weight;
    }
    double sum = 0;
    int seen = 0;
    for (int c = 0; c < classes; c++) {
      if (counts.counts()[c] > 0) {
        sum += point[own() + c];
        seen++;
      }
    }
    for (int c = 0; c < classes; c++) {
      if (counts.counts()[c] == 0) {
        Arrays.fill(weight, c * d, (c + 1) * d, 0);
        addText(weight, c, sum / seen);
      }
    }
    return weight;
  }

  /**
   * A value and its gradient by the free numbers, with the penalty.
   *
   * @param found value, and behind it the gradient by M
   */
  double[] penalised(double[] found, double[] point, double lambda) {
    double[] all = Arrays.copyOf(found, 1 + numbers());
    double squares = 0;
    for (int i = 0; i < own(); i++) {
      all[1 + i] += lambda * point[i];
      squares += point[i] * point[i];
    }
    all[0] += lambda / 2 * squares;
    if (hasTexts()) {
      for (int i = 0; i < own(); i++) {
        all[1 + own() + i / d] += found[1 + i] * texts[i];
      }
    }
    return all;
  }

  /** The same texts in other coordinates. */
  WeightForm in(UnaryOperator<double[]> coordinates, int dimension) {
    return new WeightForm(classes, dimension, hasTexts() ? coordinates.apply(texts) : null);
  }

  /** A point with its W in other coordinates. */
  double[] moved(double[] point, UnaryOperator<double[]> coordinates, int dimension) {
    double[] w = coordinates.apply(Arrays.copyOf(point, own()));
    double[] moved = Arrays.copyOf(w, classes * dimension + numbers() - own());
    System.arraycopy(point, own(), moved, classes * dimension, numbers() - own());
    return moved;
  }
}
