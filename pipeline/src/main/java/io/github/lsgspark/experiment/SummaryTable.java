package io.github.lsgspark.experiment;

import io.github.lsgspark.report.Estimate;
import io.github.lsgspark.report.Svg;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The summary of a grid for people (text, Markdown, HTML) and for programs (JSON). */
final class SummaryTable {
  private static final String NONE = "–";

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
    heading.add("minus " + summary.baseline());
    heading.add("p");
    rows.add(heading);
    for (Summary.Cell cell : summary.cells()) {
      List<String> row = new ArrayList<>();
      row.add(budget(cell));
      row.add(cell.line().toString());
      row.add(Integer.toString(cell.runs()));
      for (Figure figure : figures) {
        Estimate estimate = cell.figures().get(figure);
        row.add(estimate == null ? NONE : estimate.text(figure.digits()));
      }
      row.add(cell.difference().map(PairedDifference::text).orElse(NONE));
      row.add(cell.difference().map(PairedDifference::significance).orElse(NONE));
      rows.add(row);
    }
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
    notes.add("Test split; labels of each class; mean ± standard error over n seeds.");
    notes.add(
        "minus "
            + summary.baseline()
            + ": difference in accuracy, percentage points, paired over seeds; p: two-sided paired"
            + " t-test.");
    notes.add(
        "p is not given below "
            + PairedDifference.FEWEST
            + " seeds, and not corrected for the number of comparisons.");
    if (summary.missing() > 0) {
      notes.add("Failed and missing: " + summary.missing() + " of the grid's runs.");
    }
    return notes;
  }

  /** In columns, for a terminal. */
  String text() {
    int[] widths = new int[rows.get(0).size()];
    rows.forEach(
        row -> {
          for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], row.get(i).length());
          }
        });
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String format = "%" + (i < NAMES ? "-" : "") + widths[i] + "s  ";
        line.append(String.format(Locale.ROOT, format, row.get(i)));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text + "\n" + String.join("\n", notes()) + "\n";
  }

  String markdown() {
    StringBuilder text = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      List<String> escaped = rows.get(r).stream().map(cell -> cell.replace("|", "\\|")).toList();
      text.append("| ").append(String.join(" | ", escaped)).append(" |\n");
      if (r == 0) {
        for (int i = 0; i < escaped.size(); i++) {
          text.append(i < NAMES ? "|---" : "|---:");
        }
        text.append("|\n");
      }
    }
    return text + "\n" + String.join(" ", notes()) + "\n";
  }

  String html() {
    StringBuilder html = new StringBuilder("<table>");
    for (int r = 0; r < rows.size(); r++) {
      String tag = r == 0 ? "th" : "td";
      html.append("<tr>");
      for (String cell : rows.get(r)) {
        html.append(
            String.format("<%s>%s</%s>", tag, Svg.escape(cell).replace(" ", "&nbsp;"), tag));
      }
      html.append("</tr>\n");
    }
    return html + "</table>\n<p>" + Svg.escape(String.join(" ", notes())) + "</p>\n";
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
                paired.put("p", difference.p());
                json.put("difference", paired);
              });
      cells.add(json);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("baseline", summary.baseline());
    json.put("missing_runs", summary.missing());
    json.put("cells", cells);
    return json;
  }
}
