package io.github.lsgspark.dataset.published;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.text.DelimitedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A benchmark's list with a header, whose columns are known by their names. */
final class CsvTable {
  private final List<Line> lines = new ArrayList<>();

  /**
   * A line below the header.
   *
   * @param row as it stands in the file
   * @param cells by the names of their columns
   */
  record Line(TextRow row, Map<String, String> cells) {

    String text(String column) {
      return cells.get(column);
    }

    /**
     * @throws LsgException exit 3 if the cell holds none
     */
    int number(String column) {
      return row.number(cells.get(column), column);
    }
  }

  /**
   * Reads a file.
   *
   * @param separator between cells
   * @param columns that are needed
   * @throws LsgException exit 3 that names file and line if a column is missing, or a line has more
   *     or fewer cells than the header
   */
  CsvTable(PublishedFiles files, String name, char separator, List<String> columns) {
    List<TextRow> rows = files.rows(name);
    List<String> head = cells(rows.get(0), separator);
    if (!head.containsAll(columns)) {
      throw rows.get(0).wrong("must name the columns " + String.join(", ", columns));
    }
    for (TextRow row : rows.subList(1, rows.size())) {
      List<String> values = cells(row, separator);
      if (values.size() != head.size()) {
        throw row.wrong("must have " + head.size() + " values");
      }
      Map<String, String> cells = new TreeMap<>();
      for (int i = 0; i < head.size(); i++) {
        cells.put(head.get(i), values.get(i).strip());
      }
      lines.add(new Line(row, cells));
    }
  }

  private static List<String> cells(TextRow row, char separator) {
    return DelimitedText.rows(row.text(), separator, row.file()).get(0).cells();
  }

  List<Line> lines() {
    return lines;
  }
}
