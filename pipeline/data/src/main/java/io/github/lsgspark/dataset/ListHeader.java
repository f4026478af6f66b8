package io.github.lsgspark.dataset;

import io.github.lsgspark.config.ColumnSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.modality.FileEndings;
import io.github.lsgspark.storage.RelativePath;
import io.github.lsgspark.text.DelimitedText.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Which columns of a list hold path, label and split.
 *
 * @param label -1 if there is none
 * @param split -1 if there is none
 */
record ListHeader(int path, int label, int split) {
  private static final int SHOWN = 20;

  /** Whether a first row names columns and no sample. */
  static boolean isHeader(List<String> cells, ColumnSettings columns) {
    // The weaker names count beside a label, or where there is nothing else.
    boolean sure = cells.size() == 1 || !labels(cells, columns).isEmpty();
    return (!ColumnNames.matching(cells, columns.path(), ColumnNames.PATHS).isEmpty()
            || sure && !paths(cells, columns).isEmpty())
        && cells.stream().noneMatch(FileEndings::isOfAny);
  }

  private static List<Integer> labels(List<String> cells, ColumnSettings columns) {
    List<Integer> labels = ColumnNames.matching(cells, columns.label(), ColumnNames.LABELS);
    return labels.isEmpty()
        ? ColumnNames.matching(cells, columns.label(), ColumnNames.OTHER_LABELS)
        : labels;
  }

  private static List<Integer> paths(List<String> cells, ColumnSettings columns) {
    List<Integer> paths = ColumnNames.matching(cells, columns.path(), ColumnNames.PATHS);
    return paths.isEmpty() ? ColumnNames.matching(cells, columns.path(), ColumnNames.IDS) : paths;
  }

  /**
   * Reads a first row that names columns.
   *
   * @param rows those below it
   * @param labelled whether a label is needed
   * @throws LsgException exit 3 naming the columns if it is not clear which is meant
   */
  static ListHeader of(
      Row header, List<Row> rows, ColumnSettings columns, boolean labelled, String list) {
    List<String> cells = header.cells();
    String where = list + ":" + header.line();
    int path = one(withPaths(paths(cells, columns), rows), cells, "path", where);
    List<Integer> labels = new ArrayList<>(labels(cells, columns));
    labels.remove((Integer) path);
    if (labels.isEmpty() && (labelled || !columns.label().isEmpty())) {
      throw LsgException.input(
          where
              + ": no column is called "
              + (columns.label().isEmpty() ? "label, class or the like" : columns.label())
              + " among "
              + shown(cells)
              + ": data.columns.label says which holds the labels");
    }
    int label = labelled ? one(withWords(labels, rows), cells, "label", where) : -1;
    List<Integer> splits = ColumnNames.matching(cells, columns.split(), ColumnNames.SPLITS);
    if (splits.isEmpty() && !columns.split().isEmpty()) {
      throw LsgException.input(
          where + ": no column is called " + columns.split() + " among " + shown(cells));
    }
    return new ListHeader(path, label, splits.isEmpty() ? -1 : splits.get(0));
  }

  private static List<String> shown(List<String> cells) {
    return cells.subList(0, Math.min(SHOWN, cells.size())).stream()
        .map(RelativePath::printable)
        .toList();
  }

  private static int one(List<Integer> found, List<String> cells, String what, String where) {
    if (found.isEmpty()) {
      throw LsgException.input(
          where
              + ": no column is called "
              + what
              + " or the like among "
              + shown(cells)
              + ": data.columns."
              + what
              + " says which holds it");
    }
    if (found.size() != 1) {
      throw LsgException.input(
          where
              + ": columns "
              + found.stream().map(cells::get).toList()
              + " may all hold the "
              + what
              + ": data.columns."
              + what
              + " says which does");
    }
    return found.get(0);
  }

  /** Of several columns those that hold what samples are called, if any does. */
  private static List<Integer> withPaths(List<Integer> columns, List<Row> rows) {
    return preferred(
        columns, column -> rows.stream().anyMatch(row -> endsAsSample(row.cells(), column)));
  }

  /** Of several columns those that hold words and not numbers, if any does. */
  private static List<Integer> withWords(List<Integer> columns, List<Row> rows) {
    return preferred(
        columns,
        column ->
            rows.stream()
                .anyMatch(
                    row ->
                        row.cells().size() > column
                            && !row.cells().get(column).isEmpty()
                            && !row.cells().get(column).matches("-?[0-9.]+")));
  }

  private static List<Integer> preferred(List<Integer> columns, IntPredicate better) {
    if (columns.size() <= 1) {
      return columns;
    }
    List<Integer> preferred = columns.stream().filter(better::test).toList();
    return preferred.isEmpty() ? columns : preferred;
  }

  /** Whether a cell is there and ends as the name of a sample. */
  static boolean endsAsSample(List<String> cells, int column) {
    return cells.size() > column && FileEndings.isOfAny(cells.get(column));
  }
}
