package io.github.lsgspark.report;

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
 * @param runs trainings that are compared; one at least
 */
public record ReportInput(
    String title,
    String configuration,
    boolean drawn,
    String prepareDir,
    String embedDir,
    Optional<String> graphDir,
    List<Run> runs) {

  /**
   * One training and its evaluation.
   *
   * @param method name of the variant, such as plain or lsg
   */
  public record Run(String method, long seed, String trainDir, String evaluateDir) {}
}
