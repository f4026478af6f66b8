package io.github.lsgspark.dataset;

import io.github.lsgspark.dataset.modality.FileEndings;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the path ends in a line of blanks between path and label, both of which may hold blanks: at
 * the end of the longest beginning that is a file. A name that ends as those of samples do needs no
 * look at storage that is far away, once some lines have shown that this tells the same.
 */
final class PathEnd {
  private static final int TRIALS = 20;

  private final KnownFiles files;
  private int agreed;
  private boolean differed;

  PathEnd(KnownFiles files) {
    this.files = files;
  }

  /**
   * How long the path is; 0 if the line holds none, or no label.
   *
   * @param line without outer blanks
   * @param labelled whether a label must follow
   */
  int of(String line, boolean labelled) {
    List<Integer> ends = ends(line);
    if (!labelled) {
      ends.add(line.length());
    }
    if (ends.size() <= 1) {
      return ends.isEmpty() || isBare(line, ends.get(0), labelled) ? 0 : ends.get(0);
    }
    List<Integer> named =
        ends.stream().filter(end -> FileEndings.isOfAny(line.substring(0, end))).toList();
    boolean clear = named.size() == 1;
    if (clear && !files.areNear() && !differed && agreed >= TRIALS) {
      return named.get(0);
    }
    int longest = longestFile(line, ends);
    if (longest > 0) {
      if (clear) {
        agreed++;
        differed |= longest != named.get(0);
      }
      return longest;
    }
    if (!named.isEmpty()) {
      return named.get(named.size() - 1);
    }
    int last = ends.get(ends.size() - 1);
    return isBare(line, last, labelled) ? 0 : last;
  }

  /** Whether what would be the label is the end of a path. */
  private static boolean isBare(String line, int end, boolean labelled) {
    return labelled && FileEndings.isOfAny(line) && !FileEndings.isOfAny(line.substring(0, end));
  }

  private int longestFile(String line, List<Integer> ends) {
    for (int i = ends.size() - 1; i >= 0; i--) {
      if (files.has(line.substring(0, ends.get(i)))) {
        return ends.get(i);
      }
    }
    return 0;
  }

  /** Places of the beginnings of all runs of blanks. */
  private static List<Integer> ends(String line) {
    List<Integer> ends = new ArrayList<>();
    for (int i = 1; i < line.length(); i++) {
      if (Character.isWhitespace(line.charAt(i)) && !Character.isWhitespace(line.charAt(i - 1))) {
        ends.add(i);
      }
    }
    return ends;
  }
}
