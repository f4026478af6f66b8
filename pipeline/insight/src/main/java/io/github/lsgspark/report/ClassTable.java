package io.github.lsgspark.report;

import io.github.lsgspark.report.explanation.RunErrors;
import io.github.lsgspark.report.page.HtmlTable;
import io.github.lsgspark.text.Label;
import io.github.lsgspark.text.LabelSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Every class that has test samples, the lowest accuracy first, as an HTML table. */
final class ClassTable {
  private ClassTable() {}

  static String html(RunErrors errors, LabelSet labels) {
    long[] predicted = new long[labels.size()];
    Map<Integer, RunErrors.Cell> most = new HashMap<>();
    for (RunErrors.Cell confusion : errors.confusions()) {
      predicted[confusion.predicted()] += errors.count(confusion);
      most.merge(
          confusion.label(),
          confusion,
          (one, other) -> errors.count(other) > errors.count(one) ? other : one);
    }
    List<Label> judged =
        new ArrayList<>(labels.labels().stream().filter(l -> errors.count(l.id()) > 0).toList());
    judged.sort(Comparator.comparingDouble(label -> errors.accuracy(label.id())));
    HtmlTable table =
        new HtmlTable(
                "Classes",
                List.of(
                    "class",
                    "most often taken for",
                    "times",
                    "samples",
                    "accuracy, %",
                    "precision, %"))
            .names(2)
            .sortable();
    for (Label label : judged) {
      int id = label.id();
      long right = errors.times(id, id);
      RunErrors.Cell confusion = most.get(id);
      table.row(
          List.of(
              label.name(),
              confusion == null ? "" : labels.label(confusion.predicted()).name(),
              confusion == null ? "" : errors.count(confusion),
              errors.count(id),
              percent(errors.accuracy(id)),
              right + predicted[id] == 0 ? "–" : percent(100.0 * right / (right + predicted[id]))));
    }
    return table.html();
  }

  private static String percent(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
