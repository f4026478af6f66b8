package io.github.lsgspark.report;

import io.github.lsgspark.report.page.Estimate;
import io.github.lsgspark.report.page.HtmlTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The figures of all methods as an HTML table. */
final class MethodTable {
  /**
   * A column.
   *
   * @param pointer into metrics.json of evaluate
   * @param factor from the figure to what is shown
   */
  private record Column(String heading, String pointer, double factor, int digits) {}

  private static final List<Column> COLUMNS =
      List.of(
          new Column("accuracy, %", "/accuracy", 100, 1),
          new Column("with prototypes, %", "/ensemble/accuracy", 100, 1),
          new Column("validation-picked, %", "/validation_picked/accuracy", 100, 1),
          new Column("top-5, %", "/top5", 100, 1),
          new Column("balanced, %", "/balanced_accuracy", 100, 1),
          new Column("calibration error, %", "/ece", 100, 1),
          new Column("mean semantic error", "/mean_semantic_error", 1, 3),
          new Column("mean taxonomy error", "/mean_taxonomy_error", 1, 2));

  private MethodTable() {}

  /** A row per method; columns that no method has are left out. */
  static String html(Results results) {
    List<Column> columns =
        COLUMNS.stream()
            .filter(
                column ->
                    results.methods().stream()
                        .anyMatch(method -> value(results, method, column).isPresent()))
            .toList();
    List<String> headings = new ArrayList<>(List.of("method", "runs"));
    columns.forEach(column -> headings.add(column.heading()));
    HtmlTable table = new HtmlTable("Methods", headings).sortable();
    for (String method : results.methods()) {
      List<Object> row = new ArrayList<>(List.of(method, results.of(method).size()));
      for (Column column : columns) {
        row.add(value(results, method, column).map(e -> e.text(column.digits())).orElse("–"));
      }
      table.row(row);
    }
    return table.html();
  }

  private static Optional<Estimate> value(Results results, String method, Column column) {
    return results.estimate(method, column.pointer(), column.factor());
  }
}
