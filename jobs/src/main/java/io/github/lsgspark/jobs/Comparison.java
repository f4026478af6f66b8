package io.github.lsgspark.jobs;

import io.github.lsgspark.jobs.RunRecord.Score;
import io.github.lsgspark.report.page.Estimate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Methods against each other over the same seeds: test accuracy in percent. */
final class Comparison {
  private static final String BASELINE = "plain";

  private final Map<String, Map<Long, Score>> scores = new LinkedHashMap<>();

  Comparison(List<RunStages> runs, List<Optional<Score>> scores) {
    for (int i = 0; i < runs.size(); i++) {
      RunStages run = runs.get(i);
      scores
          .get(i)
          .ifPresent(
              score ->
                  this.scores
                      .computeIfAbsent(run.method(), unused -> new LinkedHashMap<>())
                      .put(run.seed(), score));
    }
  }

  /** The method that others are compared with on the page: plain, or the first where none is. */
  static String baseline(List<RunStages> runs) {
    return runs.stream().anyMatch(run -> run.method().equals(BASELINE))
        ? BASELINE
        : runs.get(0).method();
  }

  /** Accuracy per method; a method with prototypes has a second entry, named method+prototypes. */
  Map<String, Estimate> methods() {
    Map<String, Estimate> estimates = new LinkedHashMap<>();
    scores.forEach(
        (method, bySeed) -> {
          estimates.put(method, estimate(bySeed, Score::accuracy));
          if (bySeed.values().stream().allMatch(score -> score.ensemble().isPresent())) {
            estimates.put(
                method + "+prototypes", estimate(bySeed, score -> score.ensemble().orElseThrow()));
          }
        });
    return estimates;
  }

  private static Estimate estimate(Map<Long, Score> bySeed, ToDoubleFunction<Score> accuracy) {
    return Estimate.of(
        bySeed.values().stream().map(score -> 100 * accuracy.applyAsDouble(score)).toList());
  }

  /** Lines for the terminal: every method, then the paired differences from the baseline. */
  String table() {
    return table("test accuracy, %");
  }

  /**
   * The same.
   *
   * @param figure what it is of, at most 20 letters
   */
  String table(String figure) {
    StringBuilder text = new StringBuilder();
    text.append(String.format("%-20s %-14s %s%n", figure, "mean ± s.e.", "runs"));
    methods()
        .forEach(
            (method, estimate) ->
                text.append(
                    String.format(
                        "%-20s %-14s %s%n", method, estimate.text(1), shown(estimate.runs()))));
    Map<Long, Score> baseline = scores.get(BASELINE);
    if (baseline != null) {
      scores.forEach(
          (method, bySeed) -> {
            if (!method.equals(BASELINE)) {
              text.append(
                  String.format(
                      "%-20s %-14s paired over seeds%n",
                      method + " - " + BASELINE, difference(bySeed, baseline).text(1)));
            }
          });
    }
    return text.toString();
  }

  private static Estimate difference(Map<Long, Score> method, Map<Long, Score> baseline) {
    List<Double> differences = new ArrayList<>();
    method.forEach(
        (seed, score) -> {
          if (baseline.containsKey(seed)) {
            differences.add(100 * (score.accuracy() - baseline.get(seed).accuracy()));
          }
        });
    return Estimate.of(differences);
  }

  private static String shown(List<Double> runs) {
    return String.join(
        "  ", runs.stream().map(x -> String.format(Locale.ROOT, "%.1f", x)).toList());
  }
}
