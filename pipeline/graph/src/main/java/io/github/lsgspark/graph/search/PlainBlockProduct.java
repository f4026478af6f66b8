package io.github.lsgspark.graph.search;

import java.util.Arrays;

/**
 * Products in plain Java. The second matrix is turned over a strip at a time, so that the innermost
 * loop runs along memory and the JIT compiler makes vector instructions of it; every product is
 * summed in the order of its components.
 */
final class PlainBlockProduct implements BlockProduct {
  /** Rows of the second matrix that are turned at once: with their sums they stay in cache. */
  private static final int STRIP = 256;

  /** Rows as they were given. */
  private record PlainRows(float[] values, int dimension) implements Rows {

    @Override
    public float[] times(int from, int count, Rows others, int fromOfOthers, int countOfOthers) {
      return product(
          values, from, count, ((PlainRows) others).values, fromOfOthers, countOfOthers, dimension);
    }

    @Override
    public void close() {}
  }

  @Override
  public Rows rows(float[] values, int count, int dimension) {
    return new PlainRows(values, dimension);
  }

  private static float[] product(float[] a, int from, int n, float[] b, int start, int m, int d) {
    float[] result = new float[Math.multiplyExact(n, m)];
    float[] turned = new float[STRIP * d];
    float[] sums = new float[STRIP];
    for (int strip = 0; strip < m; strip += STRIP) {
      int width = Math.min(STRIP, m - strip);
      for (int j = 0, at = (start + strip) * d; j < width; j++) {
        for (int k = 0; k < d; k++, at++) {
          turned[k * STRIP + j] = b[at];
        }
      }
      for (int i = 0; i < n; i++) {
        Arrays.fill(sums, 0);
        for (int k = 0; k < d; k++) {
          addScaled(sums, turned, k * STRIP, a[(from + i) * d + k]);
        }
        System.arraycopy(sums, 0, result, i * m + strip, width);
      }
    }
    return result;
  }

  private static void addScaled(float[] sums, float[] values, int at, float factor) {
    for (int j = 0; j < STRIP; j++) {
      sums[j] += factor * values[at + j];
    }
  }

  @Override
  public double[] doubles(double[] a, int n, double[] b, int m, int dimension) {
    double[] result = new double[Math.multiplyExact(n, m)];
    double[] turned = new double[STRIP * dimension];
    double[] sums = new double[STRIP];
    for (int strip = 0; strip < m; strip += STRIP) {
      int width = Math.min(STRIP, m - strip);
      for (int j = 0, at = strip * dimension; j < width; j++) {
        for (int k = 0; k < dimension; k++, at++) {
          turned[k * STRIP + j] = b[at];
        }
      }
      for (int i = 0; i < n; i++) {
        Arrays.fill(sums, 0);
        for (int k = 0; k < dimension; k++) {
          addScaled(sums, turned, k * STRIP, a[i * dimension + k]);
        }
        System.arraycopy(sums, 0, result, i * m + strip, width);
      }
    }
    return result;
  }

  private static void addScaled(double[] sums, double[] values, int at, double factor) {
    for (int j = 0; j < STRIP; j++) {
      sums[j] += factor * values[at + j];
    }
  }
}
