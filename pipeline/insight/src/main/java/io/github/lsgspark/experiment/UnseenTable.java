package io.github.lsgspark.experiment;

import io.github.lsgspark.config.ExperimentSettings;
import io.github.lsgspark.config.LabelBudget;
import io.github.lsgspark.evaluation.UnseenFigure;
import io.github.lsgspark.report.page.Estimate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How well classes without labels were recognised over the runs of a grid, by each classifier. */
final class UnseenTable {
  /** Columns on the left side of their place: labels, method, classifier. */
  private static final int NAMES = 3;

  /**
   * One classifier of one method at one budget.
   *
   * @param figures in percent, of what all its runs have
   */
  private record Cell(
      LabelBudget budget,
      String method,
      String classifier,
      int runs,
      Map<UnseenFigure, Estimate> figures) {}

  private final List<Cell> cells = new ArrayList<>();
  private final List<String> chances;

  UnseenTable(ExperimentSettings grid, List<RunResult> results) {
    for (LabelBudget budget : grid.budgets()) {
      for (String method : grid.methods().keySet()) {
        List<RunResult> runs =
            results.stream()
                .filter(r -> r.run().budget().equals(budget) && r.run().method().equals(method))
                .toList();
        UnseenFigure.CLASSIFIERS.forEach(by -> add(budget, method, by, runs));
      }
    }
    chances =
        results.stream()
            .filter(run -> run.unseen().isObject())
            .map(run -> chance(run.unseen().path("unseen_classes").asInt(), run.classes()))
            .distinct()
            .toList();
  }

  private void add(LabelBudget budget, String method, String classifier, List<RunResult> all) {
    List<RunResult> runs =
        all.stream().filter(run -> run.unseen().path(classifier).isObject()).toList();
    if (runs.isEmpty()) {
      return;
    }
    Map<UnseenFigure, Estimate> figures = new EnumMap<>(UnseenFigure.class);
    for (UnseenFigure figure : UnseenFigure.values()) {
      List<Double> percent =
          runs.stream()
              .flatMap(run -> run.unseen(classifier, figure).stream())
              .map(value -> 100 * value)
              .toList();
      if (percent.size() == runs.size()) {
        figures.put(figure, Estimate.of(percent));
      }
    }
    cells.add(new Cell(budget, method, classifier, runs.size(), figures));
  }

  private static String chance(int unseen, int classes) {
    return String.format(
        Locale.ROOT,
        "%d of %d classes have no label; guessing among them gives %.1f %%, in five guesses %.1f %%.",
        unseen,
        classes,
        100.0 / unseen,
        100.0 * Math.min(1, 5.0 / unseen));
  }

  /** Whether no run has classes without labels. */
  boolean isEmpty() {
    return cells.isEmpty();
  }

  TextTable table() {
    List<List<String>> rows = new ArrayList<>();
    List<String> heading = new ArrayList<>(List.of("labels", "method", "classifier", "n"));
    for (UnseenFigure figure : UnseenFigure.values()) {
      heading.add(figure.heading());
    }
    rows.add(heading);
    for (Cell cell : cells) {
      List<String> row = new ArrayList<>();
      row.add(cell.budget().toString());
      row.add(cell.method());
      row.add(cell.classifier());
      row.add(Integer.toString(cell.runs()));
      for (UnseenFigure figure : UnseenFigure.values()) {
        Estimate estimate = cell.figures().get(figure);
        row.add(estimate == null ? TextTable.NONE : estimate.text(1));
      }
      rows.add(row);
    }
    return new TextTable(rows, NAMES, notes());
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>(chances);
    notes.add(
        "seen, unseen: test pictures of classes with and without labels, told from all classes;"
            + " unseen only: told from those without labels.");
    notes.add("Means over classes; harmonic: mean of seen and unseen; mean ± standard error.");
    return notes;
  }

  /** The array {@code unseen} of table.json. */
  List<Map<String, Object>> json() {
    List<Map<String, Object>> list = new ArrayList<>();
    for (Cell cell : cells) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("budget", cell.budget().toString());
      json.put("method", cell.method());
      json.put("classifier", cell.classifier());
      json.put("n", cell.runs());
      cell.figures().forEach((figure, estimate) -> json.put(figure.key(), estimate));
      list.add(json);
    }
    return list;
  }
}
