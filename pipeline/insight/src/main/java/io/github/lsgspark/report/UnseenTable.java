package io.github.lsgspark.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.evaluation.UnseenFigure;
import io.github.lsgspark.report.page.Svg;
import java.util.Locale;
import java.util.Optional;

/** How well classes without labels were recognised, by each classifier of each method, as HTML. */
final class UnseenTable {
  private UnseenTable() {}

  /** Empty if all classes have labels. */
  static Optional<String> html(Results results) {
    StringBuilder rows = new StringBuilder();
    for (String method : results.methods()) {
      for (String classifier : UnseenFigure.CLASSIFIERS) {
        if (results.of(method).stream()
            .allMatch(run -> run.evaluation().at("/unseen/" + classifier).isObject())) {
          rows.append("<tr><td>").append(Svg.escape(method)).append("</td><td>");
          rows.append(classifier).append("</td>");
          for (UnseenFigure figure : UnseenFigure.values()) {
            String pointer = "/unseen/" + classifier + "/" + figure.key();
            rows.append("<td>");
            rows.append(results.estimate(method, pointer, 100).map(e -> e.text(1)).orElse("–"));
            rows.append("</td>");
          }
          rows.append("</tr>\n");
        }
      }
    }
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    StringBuilder html = new StringBuilder("<p>").append(setting(results));
    html.append("</p>\n<table><tr><th>method</th><th>classifier</th>");
    for (UnseenFigure figure : UnseenFigure.values()) {
      html.append("<th>").append(figure.heading()).append("</th>");
    }
    return Optional.of(html.append("</tr>\n").append(rows).append("</table>\n").toString());
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
