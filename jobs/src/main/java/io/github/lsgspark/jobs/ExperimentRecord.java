package io.github.lsgspark.jobs;

import io.github.lsgspark.experiment.ExperimentStage;
import java.util.Map;
import java.util.Optional;

/**
 * How an experiment ended.
 *
 * @param output table, curves and Parquet of the runs that were evaluated
 * @param table as it is printed
 * @param demonstration whether the program drew the samples itself
 * @param done runs that were evaluated
 * @param failures of the others, in the order of the grid
 */
record ExperimentRecord(
    StageRecord output,
    String table,
    boolean demonstration,
    Map<RunSpec, RunStages> done,
    Map<RunSpec, Throwable> failures) {

  /** What is printed at the end. */
  String summary() {
    StringBuilder text = new StringBuilder("\n").append(table);
    if (demonstration) {
      text.append("A demonstration: samples made by the program, not a benchmark.\n");
    }
    text.append('\n');
    failures.forEach(
        (variant, failure) ->
            text.append("failed: ")
                .append(variant)
                .append(": ")
                .append(reason(failure))
                .append('\n'));
    if (!failures.isEmpty()) {
      text.append("The same command makes only what is missing.\n");
    }
    text.append("experiment ").append(output.path()).append('\n');
    text.append("page       ").append(page()).append('\n');
    return text.toString();
  }

  /** Path of the page. */
  String page() {
    return output.file(ExperimentStage.PAGE);
  }

  private static String reason(Throwable failure) {
    Optional<String> foreseen = Failures.message(failure);
    return foreseen.orElseGet(() -> failure + " (see the log)");
  }
}
