package io.github.lsgspark.embedding;

import org.netlib.lapack.Dsyevd;
import org.netlib.util.intW;

/**
 * Eigenvalues of a small symmetric matrix, largest first, by LAPACK's dsyevd in plain Java (f2j):
 * the same bits on every machine, which neither a native LAPACK nor MLlib's ARPACK gives (its start
 * vector depends on what the JVM computed before).
 *
 * @param values descending
 * @param vectors row-major [size, size]: row i is the unit vector of value i; empty if not wanted
 */
record SymmetricEigen(double[] values, double[] vectors) {

  /**
   * @param matrix [size, size], of which the upper triangle in row-major order is read
   */
  static SymmetricEigen of(double[] matrix, int size, boolean withVectors) {
    double[] a = matrix.clone();
    double[] ascending = new double[size];
    int workSize = withVectors ? 1 + 6 * size + 2 * size * size : 2 * size + 1;
    int integerWorkSize = withVectors ? 3 + 5 * size : 1;
    intW info = new intW(0);
    Dsyevd.dsyevd(
        withVectors ? "V" : "N",
        "L", // the row-major upper triangle is the column-major lower one
        size,
        a,
        0,
        size,
        ascending,
        0,
        new double[workSize],
        0,
        workSize,
        new int[integerWorkSize],
        0,
        integerWorkSize,
        info);
    if (info.val != 0) {
      throw new IllegalStateException("dsyevd ended with info " + info.val + " for size " + size);
    }
    double[] values = new double[size];
    double[] vectors = new double[withVectors ? size * size : 0];
    for (int i = 0; i < size; i++) {
      values[i] = ascending[size - 1 - i];
      if (withVectors) {
        System.arraycopy(a, (size - 1 - i) * size, vectors, i * size, size);
      }
    }
    return new SymmetricEigen(values, vectors);
  }
}
