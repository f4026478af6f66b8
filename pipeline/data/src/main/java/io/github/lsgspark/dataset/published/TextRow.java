package io.github.lsgspark.dataset.published;

import io.github.lsgspark.config.LsgException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A line of a benchmark's list.
 *
 * @param number of the line, from 1
 * @param text without outer blanks
 */
public record TextRow(String file, int number, String text) {

  /** A failure that names file and line. */
  public LsgException wrong(String what) {
    return LsgException.input(file + ":" + number + ": " + what + ", but was: " + text);
  }

  /**
   * A part of the line that is a number.
   *
   * @param what it is, for the message
   * @throws LsgException exit 3 if it is none
   */
  public int number(String part, String what) {
    if (!part.matches("\\d{1,9}")) {
      throw wrong("must have a number as " + what);
    }
    return Integer.parseInt(part);
  }

  /**
   * The words of the line; the last takes what is left of it.
   *
   * @param form what a line looks like, for the message
   * @throws LsgException exit 3 if there are fewer
   */
  public String[] words(int count, String form) {
    String[] words = text.split("\\s+", count);
    if (words.length < count) {
      throw wrong("must be \"" + form + "\"");
    }
    return words;
  }

  /**
   * Lines of a key and a value.
   *
   * @return the rows by key, in their order; {@link #value} has the value
   * @throws LsgException exit 3 for a line without both, or a key that occurs twice
   */
  public static Map<String, TextRow> byKey(List<TextRow> rows, String form) {
    Map<String, TextRow> byKey = new LinkedHashMap<>();
    for (TextRow row : rows) {
      String key = row.words(2, form)[0];
      TextRow earlier = byKey.put(key, row);
      if (earlier != null) {
        throw row.wrong("must not repeat " + key + " of line " + earlier.number());
      }
    }
    return byKey;
  }

  /** What follows the first word. */
  public String value() {
    return text.split("\\s+", 2)[1];
  }
}
