package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;
import java.util.List;

/**
 * A head that {@code head.kind} can name. A public class of this kind with a line in {@code
 * META-INF/services/io.github.lsgspark.head.HeadKind} is all that a new one takes.
 */
public interface HeadKind {
  /** How most heads judge what they try. */
  String LEAVE_ONE_OUT = "leave-one-out";

  /** As a configuration writes it. */
  String label();

  /** What it is, in one line. */
  String help();

  /**
   * What was tried on one set of layers.
   *
   * @param candidates all of them
   * @param best of them, by {@code head.choose-by}
   * @param head of the best, its scores not yet divided by the temperature
   */
  record Fitted(List<Candidate> candidates, Candidate best, LinearHead head) {}

  /** What candidates are judged by, in candidates.csv. */
  default String judgement(HeadSettings settings) {
    return LEAVE_ONE_OUT;
  }

  /**
   * Whether it holds features against the texts of the classes, in a space that they share.
   * Features then keep their directions: neither root nor mean nor whitening changes them.
   */
  default boolean isOfTexts() {
    return false;
  }

  /** Fits the head to labelled samples, and tries what settings leave open. */
  Fitted fit(LabelledRows rows, HeadSettings settings);
}
