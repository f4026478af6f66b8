package io.github.lsgspark.text;

import io.github.lsgspark.config.LsgException;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of comma, semicolon or TAB separated text as RFC 4180 has it: a cell in double quotes may
 * hold the separator and doubled quotes, and line ends unless TABs separate. Where TABs do, a quote
 * that does not enclose its whole cell is an ordinary sign. Blanks round a cell without quotes do
 * not count, nor do empty lines.
 */
public final class DelimitedText {
  private final String text;
  private final char separator;
  private final String file;
  private int at;
  private int line = 1;

  private DelimitedText(String text, char separator, String file) {
    this.text = text;
    this.separator = separator;
    this.file = file;
  }

  /**
   * A row.
   *
   * @param line on which it begins, from 1
   */
  public record Row(int line, List<String> cells) {}

  /**
   * All rows that are not empty.
   *
   * @param file what to call the text in errors
   * @throws LsgException exit 3 with file and line for a quote that is not closed, or closed within
   *     a cell
   */
  public static List<Row> rows(String text, char separator, String file) {
    return new DelimitedText(text, separator, file).all();
  }

  private List<Row> all() {
    List<Row> rows = new ArrayList<>();
    while (at < text.length()) {
      int first = line;
      List<String> cells = row();
      if (cells.size() > 1 || !cells.get(0).isEmpty()) {
        rows.add(new Row(first, cells));
      }
    }
    return rows;
  }

  private List<String> row() {
    List<String> cells = new ArrayList<>();
    while (true) {
      cells.add(cell());
      if (at < text.length() && text.charAt(at) == separator) {
        at++;
      } else {
        endLine();
        return cells;
      }
    }
  }

  private void endLine() {
    if (at < text.length()) {
      at += text.startsWith("\r\n", at) ? 2 : 1;
      line++;
    }
  }

  private String cell() {
    int start = at;
    while (start < text.length() && text.charAt(start) == ' ') {
      start++;
    }
    if (start < text.length() && text.charAt(start) == '"') {
      String quoted = quoted(start);
      if (quoted != null) {
        return quoted;
      }
    }
    int from = at;
    while (!endsCell(at)) {
      at++;
    }
    return text.substring(from, at).strip();
  }

  /** The text between the quotes; null if TABs separate and they do not enclose a cell. */
  private String quoted(int open) {
    StringBuilder inside = new StringBuilder();
    int lines = 0;
    for (int i = open + 1; i < text.length(); i++) {
      char sign = text.charAt(i);
      if (sign == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
        i++;
      } else if (sign == '"') {
        int after = i + 1;
        while (after < text.length() && text.charAt(after) == ' ') {
          after++;
        }
        if (endsCell(after)) {
          at = after;
          line += lines;
          return inside.toString();
        }
        return refused(lines, "after a closing quote a separator must follow");
      } else if (isLineEnd(sign)) {
        if (separator == '\t') {
          return null;
        }
        lines += sign == '\n' || !text.startsWith("\r\n", i) ? 1 : 0;
      }
      inside.append(sign);
    }
    return refused(0, "a quote is opened and not closed");
  }

  private String refused(int lines, String why) {
    if (separator == '\t') {
      return null;
    }
    throw LsgException.input(file + ":" + (line + lines) + ": " + why);
  }

  private boolean endsCell(int place) {
    return place >= text.length()
        || text.charAt(place) == separator
        || isLineEnd(text.charAt(place));
  }

  private static boolean isLineEnd(char sign) {
    return sign == '\n' || sign == '\r';
  }
}
