package io.github.lsgspark.graph.search;

import java.util.ServiceLoader;

/**
 * Products of rows with rows, the only costly arithmetic of the search. The graph brings a form in
 * plain Java; another, such as libtorch's, is found by {@link ServiceLoader} and takes its place.
 * Sums may be taken in any order: what the search decides by them it scores again in double.
 */
public interface BlockProduct {

  /** Rows of float32 as a form keeps them, until they are closed. */
  interface Rows extends AutoCloseable {

    /**
     * All products of some of these rows with some of others.
     *
     * @param others of the same form and width
     * @return row-major [count, countOfOthers], summed in float32 at least
     */
    float[] times(int from, int count, Rows others, int fromOfOthers, int countOfOthers);

    @Override
    void close();
  }

  /**
   * Takes rows, which must not change afterwards.
   *
   * @param values row-major [count, dimension]
   */
  Rows rows(float[] values, int count, int dimension);

  /**
   * All products of rows with rows, in double.
   *
   * @param a row-major [n, dimension]
   * @param b row-major [m, dimension]
   * @return row-major [n, m]
   */
  double[] doubles(double[] a, int n, double[] b, int m, int dimension);

  /** The form that this JVM has: a registered one, else plain Java. */
  static BlockProduct get() {
    return RegisteredProduct.get();
  }
}
