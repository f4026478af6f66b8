package io.github.lsgspark.dataset;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the encoded bytes of a sample are.
 *
 * @param path of a file, or of a pack
 * @param offset of the first byte within a pack
 * @param length in bytes; {@link #WHOLE} for a file of its own
 */
record Place(String path, long offset, int length) {
  static final int WHOLE = -1;

  private static final Pattern PIECE = Pattern.compile("(.+\\.pack)#(\\d{1,18})\\+(\\d{1,9})");

  /** Reads {@code path} or {@code pack#offset+length}. */
  static Place of(String reference) {
    Matcher piece = PIECE.matcher(reference);
    return piece.matches()
        ? new Place(
            piece.group(1), Long.parseLong(piece.group(2)), Integer.parseInt(piece.group(3)))
        : new Place(reference, 0, WHOLE);
  }

  boolean isWhole() {
    return length == WHOLE;
  }

  @Override
  public String toString() {
    return isWhole() ? path : path + "#" + offset + "+" + length;
  }
}
