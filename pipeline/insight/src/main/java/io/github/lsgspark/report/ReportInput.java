package io.github.lsgspark.report;

import io.github.lsgspark.report.explanation.ComparedRun;
import io.github.lsgspark.report.explanation.Guidance;
import java.util.List;
import java.util.Optional;

/**
 * What a page is made of.
 *
 * @param title heading
 * @param configuration the run's configuration as HOCON, shown as it is
 * @param drawn whether the program drew the samples itself: then the page says it is a
 *     demonstration
 * @param prepareDir output of the prepare stage
 * @param embedDir output of the embed stage
 * @param graphDir output of the graph stage; empty for plain fine-tuning
 * @param baseline the method that the others are compared with
 * @param runs trainings that are compared; one at least
 */
public record ReportInput(
    String title,
    String configuration,
    boolean drawn,
    String prepareDir,
    String embedDir,
    Optional<String> graphDir,
    String baseline,
    List<Run> runs) {

  /** The runs as they are compared: by the label texts that the page is about. */
  List<ComparedRun> compared() {
    return runs.stream().map(this::compared).toList();
  }

  /** One of them. */
  ComparedRun compared(Run run) {
    return new ComparedRun(
        run.method(), run.seed(), run.trainDir(), run.evaluateDir(), embedDir, run.guidance());
  }

  /**
   * One training and its evaluation.
   *
   * @param method name of the variant, such as plain or lsg
   * @param guidance the semantic graph that guided it; empty without one
   */
  public record Run(
      String method, long seed, String trainDir, String evaluateDir, Optional<Guidance> guidance) {}
}
