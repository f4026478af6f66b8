package io.github.lsgspark.dataset;

import io.github.lsgspark.config.ColumnSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.modality.FileEndings;
import io.github.lsgspark.storage.RelativePath;
import io.github.lsgspark.text.DelimitedText;
import io.github.lsgspark.text.DelimitedText.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Tells paths and labels in the text of a list: separated by TABs, commas or semicolons, with or
 * without a header, or by blanks ({@link PathEnd}).
 */
final class ListParser {
  private static final char[] SEPARATORS = {'\t', ',', ';'};
  private static final int SAMPLE = 200;
  private static final int LOOKS = 20;

  private final String list;
  private final KnownFiles files;
  private final ColumnSettings columns;
  private final boolean labelled;

  /**
   * @param list what to call the text in errors
   * @param labelled whether each line needs a label
   */
  ListParser(String list, KnownFiles files, ColumnSettings columns, boolean labelled) {
    this.list = list;
    this.files = files;
    this.columns = columns;
    this.labelled = labelled;
  }

  /**
   * What the lines of a list say.
   *
   * @throws LsgException exit 3 with list and line for one that cannot be understood
   */
  List<ListLine> parse(String whole) {
    // Spreadsheets say so which sign separates; the lines below keep their numbers.
    String text = whole.replaceFirst("^(?i)\"?sep=[,;\t|]\"?(?=[\r\n])", "");
    String first = text.lines().filter(line -> !isLeftOut(line)).findFirst().orElse("");
    if (first.isEmpty()) {
      return List.of();
    }
    if (JsonList.is(list, text)) {
      return below(JsonList.rows(list, text));
    }
    for (char separator : SEPARATORS) {
      if (ListHeader.isHeader(cells(first, separator), columns)) {
        return below(rows(text, separator));
      }
    }
    if (!columns.path().isEmpty()) {
      throw LsgException.input(
          list + ": data.columns.path = " + columns.path() + " is no column of its first line");
    }
    if (first.contains("\t")) {
      return table(withLabels(rows(text, '\t')), '\t');
    }
    for (char separator : new char[] {',', ';'}) {
      if (isTable(text, first, separator)) {
        return table(rows(text, separator), separator);
      }
    }
    if (list.toLowerCase(Locale.ROOT).endsWith(".csv")) {
      char separator = first.indexOf(';') > first.indexOf(',') ? ';' : ',';
      return table(rows(text, separator), separator);
    }
    return blanks(text);
  }

  /** What the rows below a header say. */
  private List<ListLine> below(List<Row> rows) {
    List<Row> samples = rows.subList(1, rows.size());
    ListHeader header = ListHeader.of(rows.get(0), samples, columns, labelled, list);
    return lines(samples, rows.get(0).cells().size(), header);
  }

  private List<Row> rows(String text, char separator) {
    return DelimitedText.rows(text, separator, list).stream()
        .filter(row -> !isLeftOut(String.join(String.valueOf(separator), row.cells())))
        .toList();
  }

  private List<String> cells(String line, char separator) {
    List<Row> rows = DelimitedText.rows(line, '\t', list);
    if (separator != '\t' && line.indexOf(separator) >= 0) {
      // A quote that goes on below is no part of a header.
      rows =
          line.chars().filter(sign -> sign == '"').count() % 2 == 0 ? tried(line, separator) : rows;
    }
    return rows.isEmpty() ? List.of() : rows.get(0).cells();
  }

  private List<Row> tried(String text, char separator) {
    try {
      return rows(text, separator);
    } catch (LsgException e) {
      return List.of();
    }
  }

  /** Empty lines, and remarks: a # and a blank before what names no sample. */
  private static boolean isLeftOut(String line) {
    String plain = line.strip();
    return plain.isEmpty()
        || ((plain + " ").startsWith("# ")
            && Arrays.stream(plain.split("[\\s,;]+")).noneMatch(FileEndings::isOfAny));
  }

  /** Whether a sign separates: nine of ten lines have as many cells, and one of them is a path. */
  private boolean isTable(String text, String first, char separator) {
    if (first.indexOf(separator) < 0) {
      return false;
    }
    List<Row> rows = tried(text, separator);
    if (rows.isEmpty()) {
      return false;
    }
    int width = rows.get(0).cells().size();
    long alike = rows.stream().filter(row -> row.cells().size() == width).count();
    return width > 1
        && 10 * alike >= 9L * rows.size()
        && pathColumn(rows) >= 0
        && (labelled || !files.has(first.strip()));
  }

  /** Where TABs separate, a line without one is read as those of other lists are. */
  private List<Row> withLabels(List<Row> rows) {
    PathEnd pathEnd = new PathEnd(files);
    List<Row> all = new ArrayList<>(rows.size());
    for (Row row : rows) {
      String line = row.cells().get(0);
      int end = row.cells().size() == 1 ? pathEnd.of(line, labelled) : 0;
      all.add(
          end == 0 || end == line.length()
              ? row
              : new Row(row.line(), List.of(line.substring(0, end), line.substring(end).strip())));
    }
    return all;
  }

  /** Rows without a header, or with one of unknown names. */
  private List<ListLine> table(List<Row> rows, char separator) {
    int width = rows.get(0).cells().size();
    int path = pathColumn(rows);
    if (width > 2 && labelled) {
      throw LsgException.input(
          list
              + ":"
              + rows.get(0).line()
              + ": "
              + width
              + " columns, and no header that names those of path and label: add one, such as"
              + " path"
              + separator
              + "label, or name them by data.columns.path and data.columns.label");
    }
    if (path < 0) {
      path = 0;
    }
    boolean header = isUnknownHeader(rows, path);
    return lines(
        header ? rows.subList(1, rows.size()) : rows,
        width,
        new ListHeader(path, labelled && width == 2 ? 1 - path : -1, -1));
  }

  private static boolean isUnknownHeader(List<Row> rows, int path) {
    return rows.size() > 1
        && !ListHeader.endsAsSample(rows.get(0).cells(), path)
        && rows.stream().skip(1).allMatch(row -> ListHeader.endsAsSample(row.cells(), path));
  }

  /** The column whose cells are called as samples are, or are files; -1 if that is not one. */
  private int pathColumn(List<Row> rows) {
    List<Row> sample = rows.subList(0, Math.min(rows.size(), SAMPLE));
    List<Integer> named = new ArrayList<>();
    for (int column = 0; column < rows.get(0).cells().size(); column++) {
      int place = column;
      long called =
          sample.stream().filter(row -> ListHeader.endsAsSample(row.cells(), place)).count();
      if (2 * called > sample.size() || (called > 0 && called >= sample.size() - 1)) {
        named.add(column);
      }
    }
    if (named.size() == 1) {
      return named.get(0);
    }
    List<Row> looked = rows.subList(0, Math.min(rows.size(), LOOKS));
    List<Integer> found =
        IntStream.range(0, rows.get(0).cells().size())
            .filter(
                column ->
                    looked.stream()
                        .anyMatch(
                            row ->
                                row.cells().size() > column && files.has(row.cells().get(column))))
            .boxed()
            .toList();
    return found.size() == 1 ? found.get(0) : -1;
  }

  private List<ListLine> lines(List<Row> rows, int width, ListHeader header) {
    List<ListLine> lines = new ArrayList<>(rows.size());
    for (Row row : rows) {
      List<String> cells = row.cells();
      if (cells.size() != width) {
        throw LsgException.input(
            list
                + ":"
                + row.line()
                + ": "
                + cells.size()
                + (cells.size() == 1 ? " column" : " columns")
                + " where the first line has "
                + width
                + (width == 1 && labelled ? ", and no label" : "")
                + "; a path or label that holds the separator needs double quotes: "
                + shown(String.join(" | ", cells)));
      }
      String path = cells.get(header.path());
      if (path.isBlank()) {
        throw LsgException.input(
            list + ":" + row.line() + ": no path: " + shown(String.join(" | ", cells)));
      }
      if (labelled && header.label() < 0) {
        throw LsgException.input(
            list + ":" + row.line() + ": needs a path and a label, but was: " + shown(path));
      }
      lines.add(
          new ListLine(row.line(), path, cell(cells, header.label()), cell(cells, header.split())));
    }
    return lines;
  }

  private static String cell(List<String> cells, int column) {
    return column < 0 ? "" : cells.get(column).strip();
  }

  private List<ListLine> blanks(String text) {
    PathEnd pathEnd = new PathEnd(files);
    List<ListLine> lines = new ArrayList<>();
    List<String> all = text.lines().toList();
    boolean first = true;
    for (int i = 0; i < all.size(); i++) {
      String line = all.get(i).strip();
      if (isLeftOut(line)) {
        continue;
      }
      boolean header = first && isBlankHeader(line);
      first = false;
      if (header) {
        continue;
      }
      int quote = line.startsWith("\"") ? line.indexOf('"', 1) : -1;
      if (quote > 1) {
        lines.add(line(i + 1, line, line.substring(1, quote), line.substring(quote + 1)));
        continue;
      }
      int end = line.lastIndexOf('\t') > 0 ? line.lastIndexOf('\t') : pathEnd.of(line, labelled);
      lines.add(line(i + 1, line, line.substring(0, end), line.substring(end)));
    }
    return lines;
  }

  private ListLine line(int number, String line, String path, String rest) {
    String label = rest.strip();
    if (path.isEmpty() || (labelled && label.isEmpty())) {
      throw LsgException.input(
          list + ":" + number + ": needs a path and a label, but was: " + shown(line));
    }
    if (label.length() > 1 && label.startsWith("\"") && label.endsWith("\"")) {
      label = label.substring(1, label.length() - 1);
    }
    return new ListLine(number, path, labelled ? label : "", "");
  }

  private boolean isBlankHeader(String line) {
    List<String> words = List.of(line.split("\\s+"));
    return words.size() == 2
        && ListHeader.isHeader(words, columns)
        && !ColumnNames.matching(words, columns.label(), ColumnNames.LABELS).isEmpty();
  }

  private static String shown(String line) {
    return RelativePath.printable(line.length() > 200 ? line.substring(0, 200) + "..." : line);
  }
}
