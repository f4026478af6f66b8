package io.github.lsgspark.head;

import java.io.Serializable;
import java.util.stream.IntStream;

/**
 * Temperatures at which cross entropies are summed, in equal steps of their logarithm; the best one
 * is where the parabola through the three lowest points is lowest.
 *
 * @param values ascending; one if it is given
 */
record Temperatures(double[] values) implements Serializable {

  /** From one to another, each {@code ratio} times the one before. */
  static Temperatures between(double from, double to, double ratio) {
    int count = 1 + (int) Math.ceil(Math.log(to / from) / Math.log(ratio));
    return new Temperatures(
        IntStream.range(0, count).mapToDouble(i -> from * Math.pow(ratio, i)).toArray());
  }

  /** The place and height of a minimum. */
  record Lowest(double temperature, double crossEntropy) {}

  /**
   * The best temperature.
   *
   * @param heights mean cross entropy at each temperature
   */
  Lowest lowest(double[] heights) {
    int best = 0;
    for (int i = 1; i < heights.length; i++) {
      if (heights[i] < heights[best]) {
        best = i;
      }
    }
    if (best == 0 || best == heights.length - 1) {
      return new Lowest(values[best], heights[best]);
    }
    double before = heights[best - 1];
    double after = heights[best + 1];
    double curvature = before - 2 * heights[best] + after;
    double shift = curvature > 0 ? 0.5 * (before - after) / curvature : 0;
    double step = Math.log(values[best + 1] / values[best]);
    return new Lowest(
        values[best] * Math.exp(shift * step), heights[best] - 0.25 * (before - after) * shift);
  }
}
