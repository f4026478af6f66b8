package io.github.lsgspark.evaluation;

import java.io.Serializable;
import java.util.List;

/**
 * Features as directions: less their mean, over their standard deviation, of length 1, so that
 * products are cosines.
 *
 * @param mean [d]
 * @param scale [d], one over the standard deviation; 0 where all samples have the same
 */
record FeatureDirections(float[] mean, float[] scale) implements Serializable {

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
    float[] mean = new float[width];
    float[] scale = new float[width];
    for (int j = 0; j < width; j++) {
      mean[j] = (float) (sum[j] / features.size());
      double deviation = Math.sqrt(squares[j] / features.size());
      // What differs by rounding alone is the same.
      scale[j] = deviation > 1e-6 * Math.abs(mean[j]) ? (float) (1 / deviation) : 0;
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
