package io.github.lsgspark.embedding;

/** Lengths and directions, summed in double and in index order. */
final class UnitVectors {
  private UnitVectors() {}

  static double length(double[] vector) {
    double squares = 0;
    for (double value : vector) {
      squares += value * value;
    }
    return Math.sqrt(squares);
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += a[d] * b[d];
    }
    return sum;
  }

  /** Scales in place to a length; the zero vector stays. */
  static double[] scaledTo(double[] vector, double length) {
    double own = length(vector);
    if (own > 0) {
      for (int d = 0; d < vector.length; d++) {
        vector[d] *= length / own;
      }
    }
    return vector;
  }
}
