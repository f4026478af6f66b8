package io.github.lsgspark.head;

/** Arrays of numbers that tasks add up. */
final class Sums {
  private Sums() {}

  /** Both together, in the first. */
  static double[] added(double[] a, double[] b) {
    for (int i = 0; i < a.length; i++) {
      a[i] += b[i];
    }
    return a;
  }
}
