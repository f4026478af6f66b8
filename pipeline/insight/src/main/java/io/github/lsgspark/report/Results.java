package io.github.lsgspark.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.evaluation.PredictionTable;
import io.github.lsgspark.report.page.Estimate;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The evaluations of all runs, by method in the order of the runs. */
final class Results {

  /**
   * A run with what it wrote.
   *
   * @param evaluation metrics.json of evaluate
   * @param training metrics.json of train
   */
  record Evaluated(ReportInput.Run run, JsonNode evaluation, JsonNode training) {}

  private final Map<String, List<Evaluated>> byMethod = new LinkedHashMap<>();

  static Results read(List<ReportInput.Run> runs, HadoopFiles files) {
    Results results = new Results();
    for (ReportInput.Run run : runs) {
      results
          .byMethod
          .computeIfAbsent(run.method(), unused -> new ArrayList<>())
          .add(
              new Evaluated(
                  run,
                  Json.read(files, HadoopFiles.path(run.evaluateDir(), "metrics.json")),
                  Json.read(files, HadoopFiles.path(run.trainDir(), "metrics.json"))));
    }
    return results;
  }

  List<String> methods() {
    return List.copyOf(byMethod.keySet());
  }

  List<Evaluated> of(String method) {
    return byMethod.get(method);
  }

  /** The run that samples and classes are shown of: the first with prototypes, else the first. */
  Evaluated shown() {
    List<Evaluated> all = byMethod.values().stream().flatMap(List::stream).toList();
    return all.stream()
        .filter(run -> run.evaluation().has("ensemble"))
        .findFirst()
        .orElse(all.get(0));
  }

  /** Whether there is no test split, and labelled samples were left out one after the other. */
  boolean areLeftOut() {
    return shown().evaluation().path("judged_by").asText().equals(PredictionTable.LEFT_OUT);
  }

  /**
   * A figure of a method over its runs.
   *
   * @param pointer JSON pointer into metrics.json of evaluate
   * @return empty if a run lacks it
   */
  Optional<Estimate> estimate(String method, String pointer, double factor) {
    List<Double> values = new ArrayList<>();
    for (Evaluated run : byMethod.get(method)) {
      JsonNode value = run.evaluation().at(pointer);
      if (!value.isNumber()) {
        return Optional.empty();
      }
      values.add(factor * value.asDouble());
    }
    return Optional.of(Estimate.of(values));
  }
}
