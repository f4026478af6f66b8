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
    boolean outside = slashed.startsWith("/") || slashed.matches("[A-Za-z]:.*");
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

  /** Somebody else's words for a message: no control character rules a terminal or ends a line. */
  public static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "\uFFFD");
  }
}
