package io.github.lsgspark.lsg;

import java.util.Optional;

/**
 * One term of the loss of a step: a name, a value of a batch, and a weight by step. The loss is the
 * sum of weight times value over all terms (docs/method.md, section 5). A new term is one class,
 * and its place in a list: its number reaches the log, the sinks and metrics.json by its name.
 *
 * @param <B> the batch that it looks at, which keeps what several terms share
 */
public interface LossTerm<B> {

  /** What its number is called in the log and in metrics.json. */
  String name();

  /** What people call it, in sentences about it. */
  default String title() {
    return name();
  }

  /**
   * The factor of its value in a step.
   *
   * @param step from 0
   */
  double weight(int step);

  /** Whether its number has the weight in it. */
  default boolean showsWeighted() {
    return false;
  }

  /** The value of this replica's part of a batch; empty where nothing of it enters the loss. */
  Optional<LossValue> value(B batch);
}
