package io.github.lsgspark.curation;

import java.util.Locale;

/** A table as comma-separated values (RFC 4180), lines ending in LF. */
final class CsvText {
  private final StringBuilder text = new StringBuilder();

  CsvText(String... columns) {
    row((Object[]) columns);
  }

  /** Adds a row; numbers with a fraction get four digits, what is not known is empty. */
  CsvText row(Object... cells) {
    for (int i = 0; i < cells.length; i++) {
      text.append(i == 0 ? "" : ",").append(cell(cells[i]));
    }
    text.append('\n');
    return this;
  }

  private static String cell(Object value) {
    if (value == null) {
      return "";
    }
    if (value instanceof Double number) {
      return number.isNaN() ? "" : String.format(Locale.ROOT, "%.4f", number);
    }
    String plain = value.toString();
    return plain.matches("(?s).*[,;\"\\t\\r\\n].*") || !plain.equals(plain.strip())
        ? '"' + plain.replace("\"", "\"\"") + '"'
        : plain;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
