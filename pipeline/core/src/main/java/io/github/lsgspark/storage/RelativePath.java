package io.github.lsgspark.storage;

import io.github.lsgspark.config.LsgException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Names of files as archives and lists give them: they are somebody else's words, and must stay
 * below the place that they are relative to.
 */
public final class RelativePath {
  private RelativePath() {}

  /**
   * The name without steps to itself or back, separated by slashes.
   *
   * @param place file and line or archive, for errors
   * @throws LsgException exit 3 for a name that is absolute, leads out or names nothing
   */
  public static String inside(String name, String place) {
    Deque<String> parts = new ArrayDeque<>();
    String slashed = name.replace('\\', '/');
    boolean outside = slashed.startsWith("/") || slashed.matches("[A-Za-z]:/.*");
    for (String part : slashed.split("/")) {
      if (part.equals("..")) {
        outside |= parts.pollLast() == null;
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    if (outside || parts.isEmpty()) {
      throw LsgException.input(place + ": the path \"" + printable(name) + "\" leaves the root");
    }
    return String.join("/", parts);
  }

  /**
   * Somebody else's words for a message: no control character rules a terminal, ends a line or
   * turns the direction of writing. They are shown as Java writes them.
   */
  public static String printable(String text) {
    if (text.codePoints().noneMatch(RelativePath::controls)) {
      return text;
    }
    StringBuilder shown = new StringBuilder();
    text.chars()
        .forEach(
            c -> {
              switch (c) {
                case '\n' -> shown.append("\\n");
                case '\r' -> shown.append("\\r");
                case '\t' -> shown.append("\\t");
                default -> {
                  if (controls(c)) {
                    shown.append(String.format("\\u%04x", c));
                  } else {
                    shown.append((char) c);
                  }
                }
              }
            });
    return shown.toString();
  }

  private static boolean controls(int c) {
    return Character.isISOControl(c)
        || c == 0x2028
        || c == 0x2029
        || c >= 0x202A && c <= 0x202E
        || c >= 0x2066 && c <= 0x2069;
  }
}
