package io.github.lsgspark.dataset;

import io.github.lsgspark.config.LsgException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Folds that the names of files tell: one of them is the test split, the others are for training.
 */
final class FileFolds {
  private final Pattern pattern;
  private final int test;

  /**
   * @param pattern whose first group is the number of the fold; it is matched with the whole name
   *     of a file, without its folders
   * @param test number of the fold that is the test split
   */
  FileFolds(String pattern, int test) {
    this.pattern = Pattern.compile(pattern);
    this.test = test;
  }

  /**
   * Entries with the splits that their folds make.
   *
   * @throws LsgException exit 3 for a name that the pattern does not match, or if no file is of the
   *     test fold
   */
  List<SourceEntry> split(List<SourceEntry> entries) {
    TreeSet<Integer> found = new TreeSet<>();
    List<SourceEntry> split = new ArrayList<>();
    for (SourceEntry entry : entries) {
      int fold = fold(entry.id());
      found.add(fold);
      split.add(entry.withSplit(fold == test ? SampleTable.TEST : SampleTable.TRAIN));
    }
    if (!found.contains(test)) {
      throw LsgException.input(
          "data.fold = "
              + test
              + ": no file is of it; by data.fold-pattern the folds are "
              + found);
    }
    return split;
  }

  private int fold(String id) {
    String name = id.substring(id.lastIndexOf('/') + 1);
    Matcher matcher = pattern.matcher(name);
    if (!matcher.matches() || !matcher.group(1).matches("\\d{1,4}")) {
      throw LsgException.input(
          id + ": data.fold-pattern = " + pattern + " tells no fold of the name " + name);
    }
    return Integer.parseInt(matcher.group(1));
  }
}
