package io.github.lsgspark.head;

import java.io.Serializable;

/**
 * A linear map of transformed features to scores; its probabilities are softmax((W x + b) / T).
 *
 * @param weight W [C,d], row-major
 * @param bias b [C]; zeros where the head has none
 * @param temperature T
 */
public record LinearHead(float[] weight, float[] bias, double temperature) implements Serializable {

  /** Number of classes C. */
  public int classes() {
    return bias.length;
  }

  /** Number of transformed features d. */
  public int dimension() {
    return weight.length / bias.length;
  }

  /** The scores of one transformed row: [d] to [C], before the temperature. */
  public double[] scores(float[] row) {
    double[] scores = new double[classes()];
    for (int c = 0; c < scores.length; c++) {
      double sum = bias[c];
      for (int d = 0; d < row.length; d++) {
        sum += (double) weight[c * row.length + d] * row[d];
      }
      scores[c] = sum;
    }
    return scores;
  }
}
