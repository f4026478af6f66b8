package io.github.lsgspark.experiment;

import io.github.lsgspark.config.ExperimentSettings;
import io.github.lsgspark.config.LabelBudget;
import io.github.lsgspark.report.explanation.Guidance;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an experiment's output is made of.
 *
 * @param title heading of the page
 * @param configuration as HOCON, shown as it is
 * @param drawn whether the program drew the samples itself: then the page says it is a
 *     demonstration
 * @param grid the runs that were asked for
 * @param runs those of them that were evaluated; one at least
 */
public record ExperimentInput(
    String title, String configuration, boolean drawn, ExperimentSettings grid, List<Run> runs) {

  /**
   * One run of the grid.
   *
   * @param guidance the semantic graph that guided it; empty without one
   * @param stages stage name to the folder of its output; prepare, embed, train and evaluate at
   *     least
   */
  public record Run(
      String method,
      LabelBudget budget,
      ExperimentSettings.Trial trial,
      Optional<Guidance> guidance,
      Map<String, String> stages) {}
}
