package io.github.lsgspark.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.evaluation.UnseenFigure;
import io.github.lsgspark.report.page.HtmlTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How well classes without labels were recognised, by each classifier of each method, as HTML. */
final class UnseenTable {
  private UnseenTable() {}

  /** Empty if all classes have labels. */
  static Optional<String> html(Results results) {
    List<String> headings = new ArrayList<>(List.of("method", "classifier"));
    for (UnseenFigure figure : UnseenFigure.values()) {
      headings.add(figure.heading());
    }
    HtmlTable table = new HtmlTable("Classes without a label", headings).names(2).sortable();
    for (String method : results.methods()) {
      for (String classifier : UnseenFigure.CLASSIFIERS) {
        if (results.of(method).stream()
            .allMatch(run -> run.evaluation().at("/unseen/" + classifier).isObject())) {
          List<Object> row = new ArrayList<>(List.of(method, classifier));
          for (UnseenFigure figure : UnseenFigure.values()) {
            String pointer = "/unseen/" + classifier + "/" + figure.key();
            row.add(results.estimate(method, pointer, 100).map(e -> e.text(1)).orElse("–"));
          }
          table.row(row);
        }
      }
    }
    return table.isEmpty()
        ? Optional.empty()
        : Optional.of("<p>" + setting(results) + "</p>\n" + table.html());
  }

  private static String setting(Results results) {
    JsonNode unseen =
        results.methods().stream()
            .flatMap(method -> results.of(method).stream())
            .map(run -> run.evaluation().path("unseen"))
            .filter(JsonNode::isObject)
            .findFirst()
            .orElseThrow();
    int without = unseen.path("unseen_classes").asInt();
    return String.format(
        Locale.ROOT,
        "%d of %d classes have no label. <i>seen</i> and <i>unseen</i>: test samples of classes with"
            + " and without labels, told from all classes; <i>unseen only</i>: told from those"
            + " without labels, where guessing gives %.1f %%.",
        without,
        without + unseen.path("seen_classes").asInt(),
        100.0 / without);
  }
}
