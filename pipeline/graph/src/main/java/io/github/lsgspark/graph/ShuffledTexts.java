package io.github.lsgspark.graph;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Seeds;
import java.util.stream.IntStream;

/** Texts that go to other classes: a control that tells whether their meaning matters. */
public final class ShuffledTexts {
  private ShuffledTexts() {}

  /**
   * For each class the one that gets its texts; no class keeps its own.
   *
   * @param setting that asks for it, for errors
   * @throws LsgException exit 2 where there is no other class
   */
  public static int[] of(int classes, long seed, String setting) {
    if (classes < 2) {
      throw LsgException.usage(setting + " = shuffled needs at least two classes");
    }
    return LabelGraphControl.derangement(classes, Seeds.derive(seed, "shuffled-texts"));
  }

  /** For each class itself. */
  static int[] none(int classes) {
    return IntStream.range(0, classes).toArray();
  }
}
