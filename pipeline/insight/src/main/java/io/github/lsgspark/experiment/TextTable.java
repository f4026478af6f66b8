package io.github.lsgspark.experiment;

import io.github.lsgspark.report.page.HtmlTable;
import io.github.lsgspark.report.page.Svg;
import java.util.List;
import java.util.Locale;

/**
 * A table for people, as text, Markdown and HTML.
 *
 * @param rows of equal length, the heading first
 * @param names columns on the left side of their place; all others hold numbers
 * @param notes what the columns are, a sentence each
 */
record TextTable(List<List<String>> rows, int names, List<String> notes) {
  /** Stands where there is no figure. */
  static final String NONE = "–";

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
        String format = "%" + (i < names ? "-" : "") + widths[i] + "s  ";
        line.append(String.format(Locale.ROOT, format, row.get(i)));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text + "\n" + String.join("\n", notes) + "\n";
  }

  String markdown() {
    StringBuilder text = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      List<String> escaped = rows.get(r).stream().map(cell -> cell.replace("|", "\\|")).toList();
      text.append("| ").append(String.join(" | ", escaped)).append(" |\n");
      if (r == 0) {
        for (int i = 0; i < escaped.size(); i++) {
          text.append(i < names ? "|---" : "|---:");
        }
        text.append("|\n");
      }
    }
    return text + "\n" + String.join(" ", notes) + "\n";
  }

  /**
   * For a page.
   *
   * @param caption what the table holds
   */
  String html(String caption) {
    HtmlTable table = new HtmlTable(caption, rows.get(0)).names(names).sortable();
    rows.subList(1, rows.size()).forEach(table::row);
    return table.html() + "<p>" + Svg.escape(String.join(" ", notes)) + "</p>\n";
  }
}
