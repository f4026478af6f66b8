package io.github.lsgspark.training;

import java.util.function.IntPredicate;

/**
 * How two models differ over the same samples.
 *
 * @param mean accuracy of the one less that of the other
 * @param error standard error of it, from the differences sample by sample
 */
record PairedDifference(double mean, double error) {
  /** Fewer samples than these decide nothing. */
  private static final int FEWEST = 50;

  /** So many standard errors are no accident: one in twenty if there is no difference. */
  private static final double CLEAR = 2;

  /**
   * Compares what is right.
   *
   * @param samples their number, above 0
   * @param one whether the one model finds the class of a sample
   */
  static PairedDifference of(int samples, IntPredicate one, IntPredicate other) {
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < samples; i++) {
      int difference = (one.test(i) ? 1 : 0) - (other.test(i) ? 1 : 0);
      sum += difference;
      squares += difference * difference;
    }
    double mean = sum / samples;
    return new PairedDifference(
        mean, Math.sqrt(Math.max(0, squares / samples - mean * mean) / samples));
  }

  /** Whether the one is better than chance explains, over so many samples. */
  boolean isClear(int samples) {
    return samples >= FEWEST && mean > CLEAR * error;
  }
}
