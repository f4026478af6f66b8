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

  /** The first of them have pictures. */
  private static final int PICTURED = 10;

  /** Pictures of a confusion. */
  private static final int PICTURES = 3;

  private ConfusionTable() {}

  /**
   * The table.
   *
   * @param gallery whose samples are shown
   */
  static String html(RunErrors errors, LabelSet labels, SampleGallery gallery) {
    List<RunErrors.Cell> most = new ArrayList<>(errors.confusions());
    most.sort(Comparator.comparingLong((RunErrors.Cell cell) -> -errors.count(cell)));
    most = most.subList(0, Math.min(SHOWN, most.size()));
    SampleGallery.Confused samples =
        gallery.confused(most.subList(0, Math.min(PICTURED, most.size())), PICTURES);
    HtmlTable table =
        new HtmlTable(
                "Most frequent confusions",
                List.of("class", "taken for", "times", "% of the class", "samples"))
            .names(2)
            .sortable();
    for (RunErrors.Cell confusion : most) {
      table.row(
          List.of(
              labels.label(confusion.label()).name(),
              labels.label(confusion.predicted()).name(),
              errors.count(confusion),
              String.format(Locale.ROOT, "%.1f", errors.rate(confusion)),
              new HtmlTable.Html(samples.html(confusion))));
    }
    return table.html();
  }
}
