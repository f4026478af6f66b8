package io.github.lsgspark.jobs.gpucheck;

/** How far a result is from the right one. */
final class Distance {
  private Distance() {}

  /**
   * The length of the difference over that of the right result; not a number if an element is none.
   *
   * @throws IllegalArgumentException if there are not as many numbers
   */
  static double relative(double[] wanted, double[] got) {
    if (wanted.length != got.length) {
      throw new IllegalArgumentException(
          "there are " + got.length + " numbers, but there should be " + wanted.length);
    }
    double error = 0;
    double norm = 0;
    for (int i = 0; i < wanted.length; i++) {
      double difference = wanted[i] - got[i];
      error += difference * difference;
      norm += wanted[i] * wanted[i];
    }
    if (error == 0) {
      return 0;
    }
    return Math.sqrt(error / norm);
  }
}
