package io.github.lsgspark.experiment;

import io.github.lsgspark.config.ExperimentSettings.Split;
import io.github.lsgspark.report.page.Estimate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The summary of a grid for people (text, Markdown, HTML) and for programs (JSON). */
final class SummaryTable {
  /** Columns on the left side of their place; all others hold numbers. */
  private static final int NAMES = 2;

  private final Summary summary;
  private final List<List<String>> rows = new ArrayList<>();

  SummaryTable(Summary summary) {
    this.summary = summary;
    List<Figure> figures =
        Arrays.stream(Figure.values())
            .filter(f -> summary.cells().stream().anyMatch(c -> c.figures().containsKey(f)))
            .toList();
    List<String> heading = new ArrayList<>(List.of("labels", "method", "n"));
    figures.forEach(figure -> heading.add(figure.heading()));
    if (summary.compares()) {
      heading.add("minus " + summary.baseline());
      heading.add("95 % interval");
      heading.add("p");
    }
    rows.add(heading);
    for (Summary.Cell cell : summary.cells()) {
      List<String> row = new ArrayList<>();
      row.add(budget(cell));
      row.add(cell.line().toString());
      row.add(Integer.toString(cell.runs()));
      for (Figure figure : figures) {
        Estimate estimate = cell.figures().get(figure);
        row.add(estimate == null ? TextTable.NONE : text(estimate, figure));
      }
      if (summary.compares()) {
        row.add(cell.difference().map(PairedDifference::text).orElse(TextTable.NONE));
        row.add(cell.difference().flatMap(PairedDifference::interval).orElse(TextTable.NONE));
        row.add(cell.difference().map(PairedDifference::significance).orElse(TextTable.NONE));
      }
      rows.add(row);
    }
  }

  private String text(Estimate estimate, Figure figure) {
    return summary.overFolds()
        ? estimate.textWithDeviation(figure.digits())
        : estimate.text(figure.digits());
  }

  /** The budget, and how many labels of a class it came to where it does not say so itself. */
  static String budget(Summary.Cell cell) {
    return cell.budget().perClass() > 0
        ? cell.budget().toString()
        : String.format(Locale.ROOT, "%s (%.1f)", cell.budget(), cell.labelsPerClass());
  }

  /** What the columns are, a sentence each. */
  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    notes.add(
        (summary.split() == Split.TEST ? "Test split" : "Validation split")
            + "; labels of each class; mean ± "
            + (summary.overFolds() ? "standard deviation" : "standard error")
            + " over n "
            + summary.repeated()
            + ".");
    if (summary.compares()) {
      differences(notes);
    }
    if (summary.missing() > 0) {
      notes.add("Failed and missing: " + summary.missing() + " of the grid's runs.");
    }
    return notes;
  }

  private void differences(List<String> notes) {
    notes.add(
        "minus "
            + summary.baseline()
            + ": difference in accuracy, percentage points, paired over "
            + summary.repeated()
            + ", with its confidence interval; p: two-sided paired t-test.");
    notes.add(
        "Interval and p are not given below "
            + PairedDifference.FEWEST
            + " "
            + summary.repeated()
            + ", and not corrected for the number of comparisons.");
  }

  /** What people see. */
  TextTable table() {
    return new TextTable(rows, NAMES, notes());
  }

  /** The content of table.json. */
  Map<String, Object> json() {
    List<Map<String, Object>> cells = new ArrayList<>();
    for (Summary.Cell cell : summary.cells()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("budget", cell.budget().toString());
      json.put("labels_per_class", cell.labelsPerClass());
      json.put("method", cell.line().method());
      json.put("prototypes", cell.line().prototypes());
      json.put("n", cell.runs());
      cell.figures().forEach((figure, estimate) -> json.put(figure.key(), estimate));
      cell.difference()
          .ifPresent(
              difference -> {
                Map<String, Object> paired = new LinkedHashMap<>();
                paired.put("n", difference.estimate().runs().size());
                paired.put("mean", difference.estimate().mean());
                paired.put("se", difference.estimate().standardError());
                difference
                    .estimate()
                    .interval(PairedDifference.CONFIDENCE)
                    .ifPresent(ends -> paired.put("interval95", ends));
                paired.put("p", difference.p());
                json.put("difference", paired);
              });
      cells.add(json);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("baseline", summary.baseline());
    json.put("split", summary.split().toString());
    json.put("missing_runs", summary.missing());
    json.put("cells", cells);
    return json;
  }
}
