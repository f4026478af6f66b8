package io.github.lsgspark.report;

import java.util.List;
import java.util.Locale;

/**
 * A figure over several runs.
 *
 * @param standardError of the mean; NaN for one run
 */
record Estimate(double mean, double standardError, List<Double> runs) {

  static Estimate of(List<Double> runs) {
    double mean = runs.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    double squares = 0;
    for (double run : runs) {
      squares += (run - mean) * (run - mean);
    }
    int n = runs.size();
    return new Estimate(
        mean, n > 1 ? Math.sqrt(squares / (n - 1) / n) : Double.NaN, List.copyOf(runs));
  }

  /** Such as 57.6 ± 0.4. */
  String text(int digits) {
    String number = "%." + digits + "f";
    return Double.isNaN(standardError)
        ? String.format(Locale.ROOT, number, mean)
        : String.format(Locale.ROOT, number + " ± " + number, mean, standardError);
  }
}
