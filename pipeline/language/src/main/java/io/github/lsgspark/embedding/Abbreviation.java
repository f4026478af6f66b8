package io.github.lsgspark.embedding;

/** Long texts in messages. */
final class Abbreviation {
  private static final int LENGTH = 60;

  private Abbreviation() {}

  /** The text, or its beginning and how long it is. */
  static String of(String text) {
    int length = text.codePointCount(0, text.length());
    return length <= LENGTH
        ? text
        : text.substring(0, text.offsetByCodePoints(0, LENGTH)) + "… (" + length + " characters)";
  }
}
