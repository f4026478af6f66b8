package io.github.lsgspark.head;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Means and covariances of drawn samples in plain loops, with all samples or without one. */
final class PlainCovariance {
  private PlainCovariance() {}

  /** Values as a matrix of one column. */
  static double[][] column(double[] values) {
    return Arrays.stream(values).mapToObj(x -> new double[] {x}).toArray(double[][]::new);
  }

  /** How many samples have the label. */
  static long count(int[] labels, int label) {
    return Arrays.stream(labels).filter(own -> own == label).count();
  }

  /** Means of the classes, without one of the samples; -1: with all. */
  static double[][] means(double[][] x, int[] labels, DrawnSamples one, int without) {
    double[][] means = new double[one.classes()][one.d()];
    for (int i = 0; i < x.length; i++) {
      long others =
          count(labels, labels[i]) - (without >= 0 && labels[without] == labels[i] ? 1 : 0);
      for (int j = 0; j < one.d() && i != without; j++) {
        means[labels[i]][j] += x[i][j] / others;
      }
    }
    return means;
  }

  /** Of the samples around their classes' means, over all samples. */
  static double[][] covariance(double[][] x, int[] labels, DrawnSamples one, int without) {
    double[][] means = means(x, labels, one, without);
    double[][] covariance = new double[one.d()][one.d()];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < one.d() && i != without; j++) {
        for (int k = 0; k < one.d(); k++) {
          covariance[j][k] +=
              (x[i][j] - means[labels[i]][j]) * (x[i][k] - means[labels[i]][k]) / x.length;
        }
      }
    }
    return covariance;
  }

  /** The sum of the diagonal. */
  static double trace(double[][] a) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i][i]).sum();
  }

  /** With 0.3 of a multiple of the identity, and 0.7 of the covariance. */
  static double[][] shrunk(double[][] covariance, double trace) {
    double[][] a = new double[covariance.length][covariance.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a.length; j++) {
        a[i][j] = 0.7 * covariance[i][j] + (i == j ? 0.3 * trace : 0);
      }
    }
    return a;
  }
}
