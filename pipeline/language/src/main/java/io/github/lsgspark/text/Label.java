package io.github.lsgspark.text;

import java.io.Serializable;
import java.text.Normalizer;
import java.util.Locale;

/**
 * A class.
 *
 * @param id row number in the label set, from 0
 * @param name as the label file or the folder spells it, in Unicode NFC, without outer blanks
 * @param text what prompts say: the name with underscores and runs of blanks as single spaces,
 *     without a number that only counts the labels
 * @param description more words about the class; empty if none were given
 */
public record Label(int id, String name, String text, String description) implements Serializable {

  /** The name in NFC, without outer blanks. */
  static String normalizeName(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC).strip();
  }

  /** The words of a name: underscores are spaces (docs/method.md, section 1). */
  public static String textOf(String name) {
    return normalizeName(name).replace('_', ' ').strip().replaceAll("\\s+", " ");
  }

  /** {@link #textOf} without case, to compare names from different files. */
  public static String foldedTextOf(String name) {
    return textOf(name).toLowerCase(Locale.ROOT);
  }
}
