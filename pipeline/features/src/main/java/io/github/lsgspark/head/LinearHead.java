package io.github.lsgspark.head;

import java.io.Serializable;

/**
 * A linear map from transformed features to scores.
 *
 * @param weight row-major [C, d]
 * @param bias [C]
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
public record LinearHead(double[] weight, double[] bias) implements Serializable {

  /** A map without a constant. */
  public static LinearHead of(double[] weight, int classes) {
    return new LinearHead(weight, new double[classes]);
  }

  /** The same, its scores divided by a temperature. */
  LinearHead dividedBy(double temperature) {
    double[] w = weight.clone();
    double[] b = bias.clone();
    for (int i = 0; i < w.length; i++) {
      w[i] /= temperature;
    }
    for (int i = 0; i < b.length; i++) {
      b[i] /= temperature;
    }
    return new LinearHead(w, b);
  }
}
