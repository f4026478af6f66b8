package io.github.lsgspark.text;

import io.github.lsgspark.text.DelimitedText.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Names and descriptions in a file of labels. */
final class LabelLines {
  private static final Set<String> NAMES =
      Set.of("name", "label", "class", "category", "class_name", "label_name");
  private static final Set<String> DESCRIPTIONS = Set.of("description", "text");

  private LabelLines() {}

  /**
   * A line.
   *
   * @param place file and line
   */
  record Line(String name, String description, String place) {}

  static List<Line> of(List<String> lines, String file) {
    if (!lines.isEmpty() && file.toLowerCase(Locale.ROOT).endsWith(".csv")) {
      boolean commas = lines.get(0).indexOf(',') >= 0;
      if (commas || lines.get(0).indexOf(';') >= 0) {
        return table(DelimitedText.rows(String.join("\n", lines), commas ? ',' : ';', file), file);
      }
    }
    List<Line> found = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String[] parts = lines.get(i).split("\t", 2);
      String description = parts.length > 1 ? parts[1].strip() : "";
      if (i > 0 || !isHeader(parts[0], description)) {
        found.add(new Line(parts[0], description, file + ":" + (i + 1)));
      }
    }
    return found;
  }

  private static List<Line> table(List<Row> rows, String file) {
    List<Line> found = new ArrayList<>();
    for (Row row : rows) {
      List<String> cells = row.cells();
      String description =
          String.join(", ", cells.subList(Math.min(1, cells.size()), cells.size())).strip();
      if (!found.isEmpty() || row.line() > 1 || !isHeader(cells.get(0), description)) {
        found.add(new Line(cells.get(0), description, file + ":" + row.line()));
      }
    }
    return found;
  }

  private static boolean isHeader(String name, String description) {
    return NAMES.contains(name.strip().toLowerCase(Locale.ROOT))
        && DESCRIPTIONS.contains(description.toLowerCase(Locale.ROOT));
  }
}
