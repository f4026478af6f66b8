package io.github.lsgspark.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.report.page.Estimate;
import io.github.lsgspark.report.page.Svg;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The figures of all methods, and the most frequent confusions of one run, as HTML tables. */
final class ResultTables {
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

  private ResultTables() {}

  /** A row per method; columns that no method has are left out. */
  static String methods(Results results) {
    List<Column> columns =
        COLUMNS.stream()
            .filter(
                column ->
                    results.methods().stream()
                        .anyMatch(method -> value(results, method, column).isPresent()))
            .toList();
    StringBuilder html = new StringBuilder("<table><tr><th>method</th><th>runs</th>");
    columns.forEach(column -> html.append("<th>").append(column.heading()).append("</th>"));
    html.append("</tr>\n");
    for (String method : results.methods()) {
      html.append("<tr><td>").append(Svg.escape(method)).append("</td><td>");
      html.append(results.of(method).size()).append("</td>");
      for (Column column : columns) {
        String text = value(results, method, column).map(e -> e.text(column.digits())).orElse("–");
        html.append("<td>").append(text).append("</td>");
      }
      html.append("</tr>\n");
    }
    return html.append("</table>\n").toString();
  }

  private static Optional<Estimate> value(Results results, String method, Column column) {
    return results.estimate(method, column.pointer(), column.factor());
  }

  /**
   * Every class with its accuracy, the lowest first, folded away; empty text if none was judged.
   */
  static String classes(JsonNode evaluation) {
    List<Map.Entry<String, JsonNode>> classes = new ArrayList<>();
    evaluation
        .path("per_class")
        .fields()
        .forEachRemaining(
            entry -> {
              if (entry.getValue().path("accuracy").isNumber()) {
                classes.add(entry);
              }
            });
    if (classes.isEmpty()) {
      return "";
    }
    classes.sort(
        Comparator.comparingDouble(
            (Map.Entry<String, JsonNode> entry) -> entry.getValue().get("accuracy").asDouble()));
    StringBuilder html = new StringBuilder("<details><summary>accuracy of each, lowest first");
    html.append("</summary>\n<table><tr><th>class</th><th>samples</th><th>accuracy, %</th></tr>\n");
    for (Map.Entry<String, JsonNode> entry : classes) {
      html.append(
          String.format(
              Locale.ROOT,
              "<tr><td>%s</td><td>%d</td><td>%.1f</td></tr>%n",
              Svg.escape(entry.getKey()),
              entry.getValue().path("count").asLong(),
              100 * entry.getValue().get("accuracy").asDouble()));
    }
    return html.append("</table></details>\n").toString();
  }

  /** What was most often taken for what; empty text if nothing was. */
  static String confusions(JsonNode evaluation) {
    StringBuilder html = new StringBuilder();
    for (JsonNode confusion : evaluation.path("confusions")) {
      html.append(
          String.format(
              Locale.ROOT,
              "<tr><td>%s</td><td>%s</td><td>%d</td></tr>%n",
              Svg.escape(confusion.path("label").asText()),
              Svg.escape(confusion.path("predicted").asText()),
              confusion.path("count").asLong()));
    }
    return html.isEmpty()
        ? ""
        : "<table><tr><th>class</th><th>taken for</th><th>times</th></tr>\n" + html + "</table>\n";
  }
}
