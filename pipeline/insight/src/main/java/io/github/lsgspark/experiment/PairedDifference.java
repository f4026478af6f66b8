package io.github.lsgspark.experiment;

import io.github.lsgspark.report.page.Estimate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A method against the baseline over the seeds that both have: the two-sided paired t-test, which
 * takes the differences for independent draws of one normal distribution and asks whether its mean
 * is 0. Many comparisons are not allowed for.
 *
 * @param estimate of the difference, in percentage points
 * @param p probability of a difference at least as far from 0 if there were none; NaN with fewer
 *     than {@value #FEWEST} pairs, and where all differences are equal
 */
record PairedDifference(Estimate estimate, double p) {
  /** Of the intervals. */
  static final double CONFIDENCE = 0.95;

  /** Pairs that the test needs. */
  static final int FEWEST = Estimate.FEWEST_TESTED;

  /** From the differences themselves. */
  static PairedDifference of(List<Double> differences) {
    Estimate estimate = Estimate.of(differences);
    return new PairedDifference(estimate, estimate.significance());
  }

  /** Such as +3.9 ± 0.3. */
  String text() {
    return (estimate.mean() < 0 ? "" : "+") + estimate.text(1);
  }

  /**
   * The 95 % confidence interval of the mean difference by the same test, such as "+3.2 to +4.6";
   * empty where p is not given.
   */
  Optional<String> interval() {
    return estimate
        .interval(CONFIDENCE)
        .map(ends -> String.format(Locale.ROOT, "%+.1f to %+.1f", ends[0], ends[1]));
  }

  /** Such as 0.012, or why it is not given. */
  String significance() {
    if (!Double.isNaN(p)) {
      return p < 0.001 ? "< 0.001" : String.format(Locale.ROOT, "%.3f", p);
    }
    return estimate.runs().size() < FEWEST ? "n < " + FEWEST : "no spread";
  }
}
