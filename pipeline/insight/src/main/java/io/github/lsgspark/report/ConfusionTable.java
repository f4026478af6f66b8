package io.github.lsgspark.report;

import io.github.lsgspark.report.explanation.RunErrors;
import io.github.lsgspark.report.page.HtmlTable;
import io.github.lsgspark.text.LabelSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What was most often taken for what, with some of the samples, as an HTML table. */
final class ConfusionTable {
  /** Confusions shown. */
  private static final int SHOWN = 20;

  /** The first of them have images. */
  private static final int PICTURED = 10;

  private ConfusionTable() {}

  /**
   * The table.
   *
   * @param gallery whose samples are shown
   */
  static String html(RunErrors errors, LabelSet labels, RunGallery gallery) {
    HtmlTable table =
        new HtmlTable(
                "Most frequent confusions",
                List.of("class", "taken for", "times", "% of the class", "samples"))
            .names(2)
            .sortable();
    for (RunErrors.Cell confusion : most(errors, SHOWN)) {
      table.row(
          List.of(
              labels.label(confusion.label()).name(),
              labels.label(confusion.predicted()).name(),
              errors.count(confusion),
              String.format(Locale.ROOT, "%.1f", errors.rate(confusion)),
              new HtmlTable.Html(gallery.confused(confusion))));
    }
    return table.html();
  }

  /** The confusions that the table shows with images. */
  static List<RunErrors.Cell> pictured(RunErrors errors) {
    return most(errors, PICTURED);
  }

  private static List<RunErrors.Cell> most(RunErrors errors, int count) {
    List<RunErrors.Cell> most = new ArrayList<>(errors.confusions());
    most.sort(Comparator.comparingLong((RunErrors.Cell cell) -> -errors.count(cell)));
    return most.subList(0, Math.min(count, most.size()));
  }
}
