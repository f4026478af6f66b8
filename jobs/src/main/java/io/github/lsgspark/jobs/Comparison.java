package io.github.lsgspark.jobs;

import io.github.lsgspark.jobs.RunRecord.Score;
import io.github.lsgspark.report.page.Estimate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

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

  /** Accuracy on classes with labels, of methods where others have none. */
  Map<String, Estimate> seen() {
    return unseen(score -> Optional.of(score.seen()));
  }

  /** Accuracy among the classes without labels, by the prototypes of their names. */
  Map<String, Estimate> byNames() {
    return unseen(UnseenScore::byNames);
  }

  private Map<String, Estimate> unseen(Function<UnseenScore, Optional<Double>> figure) {
    Map<String, Estimate> estimates = new LinkedHashMap<>();
    scores.forEach(
        (method, bySeed) -> {
          List<Double> values =
              bySeed.values().stream()
                  .flatMap(score -> score.unseen().flatMap(figure).stream())
                  .map(value -> 100 * value)
                  .toList();
          if (values.size() == bySeed.size()) {
            estimates.put(method, Estimate.of(values));
          }
        });
    return estimates;
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
    Map<String, Estimate> seen = seen();
    return seen.isEmpty() ? ofAll(figure) : ofSeenAndUnseen(figure, seen);
  }

  private String ofAll(String figure) {
    StringBuilder text = new StringBuilder();
    text.append(String.format("%-20s %-14s %s%n", figure, "mean ± s.e.", "runs"));
    methods()
        .forEach(
            (method, estimate) ->
                text.append(
                    String.format(
                        "%-20s %-14s %s%n", method, estimate.text(1), shown(estimate.runs()))));
    differences(BASELINE, score -> Optional.of(score.accuracy()))
        .forEach(
            (method, difference) ->
                text.append(
                    String.format(
                        "%-20s %-14s paired over seeds%n",
                        method + " - " + BASELINE, difference.text(1))));
    return text.toString();
  }

  /** Where classes have no labels: both kinds of classes side by side. */
  private String ofSeenAndUnseen(String figure, Map<String, Estimate> seen) {
    UnseenScore any =
        scores.values().stream()
            .flatMap(bySeed -> bySeed.values().stream())
            .flatMap(score -> score.unseen().stream())
            .findFirst()
            .orElseThrow();
    Map<String, Estimate> byNames = byNames();
    Map<String, Estimate> differences = pairs(score -> Optional.of(score.seen()));
    Map<String, Estimate> unseenDifferences = pairs(UnseenScore::byNames);
    int width =
        Stream.concat(
                Stream.of(figure),
                Stream.concat(seen.keySet().stream(), differences.keySet().stream()))
            .mapToInt(String::length)
            .max()
            .orElseThrow();
    String row = "%-" + width + "s  %-22s  %s%n";
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            row,
            figure,
            any.seenClasses() + " labelled classes",
            String.format(
                Locale.ROOT,
                "%d others by their names (guessing: %.1f)",
                any.unseenClasses(),
                100.0 / any.unseenClasses())));
    seen.forEach(
        (method, estimate) ->
            text.append(
                String.format(
                    row,
                    method,
                    estimate.text(1),
                    byNames.containsKey(method) ? byNames.get(method).text(1) : "–")));
    differences.forEach(
        (pair, difference) ->
            text.append(
                String.format(
                    row,
                    pair,
                    difference.text(1) + chance(difference),
                    paired(unseenDifferences.get(pair)))));
    if (!differences.isEmpty()) {
      text.append(String.format("differences are paired over seeds%n"));
    }
    return text.toString();
  }

  private static String paired(Estimate difference) {
    return difference == null || difference.runs().isEmpty()
        ? "–"
        : difference.text(1) + chance(difference);
  }

  /** What methods are ahead of the first, and the guided one of its controls. */
  private Map<String, Estimate> pairs(Function<UnseenScore, Optional<Double>> figure) {
    Function<Score, Optional<Double>> accuracy = score -> score.unseen().flatMap(figure);
    String first = scores.containsKey(BASELINE) ? BASELINE : scores.keySet().iterator().next();
    Map<String, Estimate> pairs = new LinkedHashMap<>();
    differences(first, accuracy)
        .forEach((method, difference) -> pairs.put(method + " - " + first, difference));
    for (String control : RunSpec.CONTROLS) {
      Estimate ahead = differences(control, accuracy).get(RunSpec.MAIN_METHOD);
      if (ahead != null) {
        pairs.putIfAbsent(RunSpec.MAIN_METHOD + " - " + control, ahead);
      }
    }
    return pairs;
  }

  private static String chance(Estimate difference) {
    double p = difference.significance();
    return Double.isNaN(p) ? "" : String.format(Locale.ROOT, " (p %.2g)", p);
  }

  /** Of every other method, over the seeds that both have; empty if there is no such method. */
  private Map<String, Estimate> differences(
      String from, Function<Score, Optional<Double>> accuracy) {
    Map<Long, Score> baseline = scores.getOrDefault(from, Map.of());
    Map<String, Estimate> differences = new LinkedHashMap<>();
    scores.forEach(
        (method, bySeed) -> {
          if (!method.equals(from) && !baseline.isEmpty()) {
            differences.put(method, difference(bySeed, baseline, accuracy));
          }
        });
    return differences;
  }

  private static Estimate difference(
      Map<Long, Score> method,
      Map<Long, Score> baseline,
      Function<Score, Optional<Double>> accuracy) {
    List<Double> differences = new ArrayList<>();
    method.forEach(
        (seed, score) -> {
          Optional<Double> own = accuracy.apply(score);
          Optional<Double> other = Optional.ofNullable(baseline.get(seed)).flatMap(accuracy);
          if (own.isPresent() && other.isPresent()) {
            differences.add(100 * (own.get() - other.get()));
          }
        });
    return Estimate.of(differences);
  }

  private static String shown(List<Double> runs) {
    return String.join(
        "  ", runs.stream().map(x -> String.format(Locale.ROOT, "%.1f", x)).toList());
  }
}
