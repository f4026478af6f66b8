package io.github.lsgspark.dataset.published;

import io.github.lsgspark.config.LsgException;
import java.util.TreeSet;

/** One fold is the test split, the others are for training. */
final class Folds {
  private final int test;
  private final TreeSet<Integer> found = new TreeSet<>();

  Folds(int test) {
    this.test = test;
  }

  /** The split of a sample of a fold. */
  String split(int fold) {
    found.add(fold);
    return fold == test ? PublishedSample.TEST : PublishedSample.TRAIN;
  }

  /**
   * @param list what the folds were read from
   * @throws LsgException exit 2 if no sample was of the test fold
   */
  void requireTest(String list) {
    if (!found.contains(test)) {
      throw LsgException.usage(
          "data.fold = " + test + ", but the folds of " + list + " are " + found);
    }
  }
}
