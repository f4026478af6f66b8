package io.github.lsgspark.report.page;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.inference.TTest;

/**
 * A figure over several runs.
 *
 * @param standardError of the mean; NaN for one run
 */
public record Estimate(double mean, @JsonProperty("se") double standardError, List<Double> runs) {

  /** A t-test on two runs has one degree of freedom: it says next to nothing. */
  public static final int FEWEST_TESTED = 3;

  /** The estimate from single runs. */
  public static Estimate of(List<Double> runs) {
    double mean = runs.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    double squares = 0;
    for (double run : runs) {
      squares += (run - mean) * (run - mean);
    }
    int n = runs.size();
    return new Estimate(
        mean, n > 1 ? Math.sqrt(squares / (n - 1) / n) : Double.NaN, List.copyOf(runs));
  }

  /**
   * The two-sided t-test (Student 1908), which takes the runs for independent draws of one normal
   * distribution: the probability of a mean at least as far from 0 if that of the distribution were
   * 0. NaN with fewer than {@value #FEWEST_TESTED} runs, and where all are equal.
   */
  public double significance() {
    return runs.size() >= FEWEST_TESTED && standardError > 0
        ? new TTest().tTest(0, runs.stream().mapToDouble(Double::doubleValue).toArray())
        : Double.NaN;
  }

  /**
   * The confidence interval of the mean by the t-distribution, which {@link #significance} belongs
   * to.
   *
   * @param confidence such as 0.95
   * @return its lower and upper end; empty where there is no significance
   */
  public Optional<double[]> interval(double confidence) {
    if (runs.size() < FEWEST_TESTED || !(standardError > 0)) {
      return Optional.empty();
    }
    double half =
        standardError
            * new TDistribution(runs.size() - 1.0)
                .inverseCumulativeProbability((1 + confidence) / 2);
    return Optional.of(new double[] {mean - half, mean + half});
  }

  /** The mean and its standard error, such as 57.6 ± 0.4. */
  public String text(int digits) {
    return text(digits, standardError);
  }

  /** The mean and the standard deviation of single runs, such as 57.6 ± 0.9. */
  public String textWithDeviation(int digits) {
    return text(digits, standardError * Math.sqrt(runs.size()));
  }

  private String text(int digits, double spread) {
    String number = "%." + digits + "f";
    return Double.isNaN(spread)
        ? String.format(Locale.ROOT, number, mean)
        : String.format(Locale.ROOT, number + " ± " + number, mean, spread);
  }
}
