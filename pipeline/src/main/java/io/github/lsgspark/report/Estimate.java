package io.github.lsgspark.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Locale;

/**
 * A figure over several runs.
 *
 * @param standardError of the mean; NaN for one run
 */
public record Estimate(double mean, @JsonProperty("se") double standardError, List<Double> runs) {

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

  /** Such as 57.6 ± 0.4. */
  public String text(int digits) {
    String number = "%." + digits + "f";
    return Double.isNaN(standardError)
        ? String.format(Locale.ROOT, number, mean)
        : String.format(Locale.ROOT, number + " ± " + number, mean, standardError);
  }
}
