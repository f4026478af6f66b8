package io.github.lsgspark.experiment;

import io.github.lsgspark.config.ExperimentSettings;
import io.github.lsgspark.config.LabelBudget;
import io.github.lsgspark.report.page.Estimate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The runs of a grid over their seeds and folds: a cell per budget and line. */
final class Summary {

  /**
   * What is compared: a method by its classifier alone, or by classifier and prototypes together.
   */
  record Line(String method, boolean prototypes) {
    @Override
    public String toString() {
      return prototypes ? method + "+prototypes" : method;
    }
  }

  /**
   * One line at one budget.
   *
   * @param labelsPerClass mean over classes and runs
   * @param figures what all its runs have, percent or as {@link Figure} says
   * @param difference from the baseline in accuracy; empty for the baseline itself, and where no
   *     trial is in both
   */
  record Cell(
      LabelBudget budget,
      double labelsPerClass,
      Line line,
      int runs,
      Map<Figure, Estimate> figures,
      Optional<PairedDifference> difference) {}

  private final ExperimentSettings grid;
  private final List<RunResult> results;
  private final List<Cell> cells = new ArrayList<>();

  Summary(ExperimentSettings grid, List<RunResult> results) {
    this.grid = grid;
    this.results = results;
    for (LabelBudget budget : grid.budgets()) {
      for (String method : grid.methods().keySet()) {
        cell(budget, new Line(method, false)).ifPresent(cells::add);
        cell(budget, new Line(method, true)).ifPresent(cells::add);
      }
    }
  }

  /** Budgets in the order of the grid, and within one its methods; only what has runs. */
  List<Cell> cells() {
    return cells;
  }

  /** Whether there is a method that others are compared with. */
  boolean compares() {
    return grid.compares();
  }

  String baseline() {
    return grid.baseline();
  }

  /** What runs are repeated over, for people. */
  String repeated() {
    return grid.repeated();
  }

  /** Whether runs are repeated over folds: then people expect the spread of single runs. */
  boolean overFolds() {
    return grid.folds().size() > 1;
  }

  /** The samples that the figures are of. */
  ExperimentSettings.Split split() {
    return grid.split();
  }

  /** Runs that the grid asks for and that are not there. */
  int missing() {
    return grid.runs() - results.size();
  }

  private Optional<Cell> cell(LabelBudget budget, Line line) {
    List<RunResult> runs =
        of(budget, line.method()).stream()
            .filter(run -> run.value(Figure.ACCURACY, line.prototypes()).isPresent())
            .toList();
    if (runs.isEmpty()) {
      return Optional.empty();
    }
    Map<Figure, Estimate> figures = new EnumMap<>(Figure.class);
    for (Figure figure : Figure.values()) {
      List<Double> values =
          runs.stream().flatMap(run -> run.value(figure, line.prototypes()).stream()).toList();
      if (values.size() == runs.size()) {
        figures.put(figure, Estimate.of(values));
      }
    }
    double labels =
        runs.stream().mapToDouble(RunResult::labelsPerClass).average().orElse(Double.NaN);
    return Optional.of(
        new Cell(budget, labels, line, runs.size(), figures, difference(budget, line, runs)));
  }

  private List<RunResult> of(LabelBudget budget, String method) {
    return results.stream()
        .filter(r -> r.run().budget().equals(budget) && r.run().method().equals(method))
        .toList();
  }

  private Optional<PairedDifference> difference(
      LabelBudget budget, Line line, List<RunResult> runs) {
    if (line.equals(new Line(grid.baseline(), false))) {
      return Optional.empty();
    }
    List<Double> differences = new ArrayList<>();
    for (RunResult other : of(budget, grid.baseline())) {
      runs.stream()
          .filter(run -> run.run().trial().equals(other.run().trial()))
          .forEach(
              run ->
                  differences.add(
                      run.value(Figure.ACCURACY, line.prototypes()).orElseThrow()
                          - other.value(Figure.ACCURACY, false).orElseThrow()));
    }
    return differences.isEmpty() ? Optional.empty() : Optional.of(PairedDifference.of(differences));
  }
}
