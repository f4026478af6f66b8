package io.github.lsgspark.report.explanation;

import io.github.lsgspark.report.page.Estimate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * A figure of two methods over the seeds that both have.
 *
 * @param difference method minus baseline, seed by seed; its standard error is NaN for one seed
 */
record Paired(Estimate baseline, Estimate method, Estimate difference) {

  private static final double SURE = 0.05;

  /** Seeds in which either side is not a number are left out. */
  static Paired of(List<SeedPair> pairs, ToDoubleFunction<RunErrors> figure) {
    List<Double> first = new ArrayList<>();
    List<Double> second = new ArrayList<>();
    List<Double> differences = new ArrayList<>();
    for (SeedPair pair : pairs) {
      double baseline = figure.applyAsDouble(pair.baseline());
      double method = figure.applyAsDouble(pair.method());
      if (!Double.isNaN(method - baseline)) {
        first.add(baseline);
        second.add(method);
        differences.add(method - baseline);
      }
    }
    return new Paired(Estimate.of(first), Estimate.of(second), Estimate.of(differences));
  }

  /** Whether any seed has the figure on both sides. */
  boolean isMeasured() {
    return !difference.runs().isEmpty();
  }

  /** Whether the method's figure is lower by more than one standard error; false for one seed. */
  boolean isLower() {
    return difference.mean() < -difference.standardError();
  }

  /** Whether the method's figure is higher by more than one standard error; false for one seed. */
  boolean isHigher() {
    return difference.mean() > difference.standardError();
  }

  /** Whether the difference is larger than its standard error; false for one seed. */
  boolean isTold() {
    return isLower() || isHigher();
  }

  /**
   * Whether the method's figure is lower beyond doubt: the paired t-test gives {@code p < 0.05}.
   */
  boolean isSurelyLower() {
    return difference.mean() < 0 && difference.significance() < SURE;
  }

  /** As in "6.3 ± 0.5 fewer": the size of the difference, and one of two words for its sign. */
  String change(int digits, String lower, String higher) {
    return new Estimate(Math.abs(difference.mean()), difference.standardError(), List.of())
            .text(digits)
        + " "
        + (difference.mean() < 0 ? lower : higher);
  }

  /** As in "24.1 instead of 30.4": the method's mean, then the baseline's. */
  String means(int digits) {
    return String.format(
        Locale.ROOT,
        "%." + digits + "f instead of %." + digits + "f",
        method.mean(),
        baseline.mean());
  }

  /** As in +6.3 ± 0.5. */
  static String signed(Estimate estimate, int digits) {
    return (estimate.mean() > 0 ? "+" : "") + estimate.text(digits);
  }
}
