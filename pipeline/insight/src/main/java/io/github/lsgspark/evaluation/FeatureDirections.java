package io.github.lsgspark.evaluation;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * Features as directions: less their mean, over their standard deviation, of length 1, so that
 * products are cosines.
 *
 * @param mean [d]
 * @param scale [d], one over the standard deviation; 0 where that is below {@value #LEAST} of the
 *     median one: features in which the samples hardly differ tell nothing of others
 */
record FeatureDirections(float[] mean, float[] scale) implements Serializable {
  static final double LEAST = 0.01;

  /**
   * Mean and deviation of samples.
   *
   * @param features [n][d], one at least
   */
  static FeatureDirections over(List<float[]> features) {
    int width = features.get(0).length;
    double[] sum = new double[width];
    for (float[] feature : features) {
      for (int j = 0; j < width; j++) {
        sum[j] += feature[j];
      }
    }
    double[] squares = new double[width];
    for (float[] feature : features) {
      for (int j = 0; j < width; j++) {
        double centred = feature[j] - sum[j] / features.size();
        squares[j] += centred * centred;
      }
    }
    double[] deviations = new double[width];
    for (int j = 0; j < width; j++) {
      deviations[j] = Math.sqrt(squares[j] / features.size());
    }
    double[] sorted = deviations.clone();
    Arrays.sort(sorted);
    double least = LEAST * sorted[width / 2];
    float[] mean = new float[width];
    float[] scale = new float[width];
    for (int j = 0; j < width; j++) {
      mean[j] = (float) (sum[j] / features.size());
      scale[j] = deviations[j] > least ? (float) (1 / deviations[j]) : 0;
    }
    return new FeatureDirections(mean, scale);
  }

  int width() {
    return mean.length;
  }

  /** Directions of features [n][d], one behind the other; of the mean itself: zeros. */
  float[] of(List<float[]> features) {
    float[] directions = new float[features.size() * width()];
    int start = 0;
    for (float[] feature : features) {
      double squares = 0;
      for (int j = 0; j < width(); j++) {
        float value = (feature[j] - mean[j]) * scale[j];
        directions[start + j] = value;
        squares += (double) value * value;
      }
      float length = squares > 0 ? (float) Math.sqrt(squares) : 1;
      for (int j = 0; j < width(); j++) {
        directions[start + j] /= length;
      }
      start += width();
    }
    return directions;
  }
}
