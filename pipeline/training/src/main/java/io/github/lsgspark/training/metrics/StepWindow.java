package io.github.lsgspark.training.metrics;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The pace of the latest steps: those of about the last minute, ten at least. The first step warms
 * up and leaves the window as soon as there is another.
 */
final class StepWindow {
  private static final int FEWEST_STEPS = 10;
  private static final long LONGEST_NANOS = 60_000_000_000L;

  private final Deque<StepTime> steps = new ArrayDeque<>();
  private boolean warm;
  private long nanos;
  private long waitNanos;
  private long allReduceNanos;

  void add(StepTime step) {
    if (!warm && !steps.isEmpty()) {
      removeFirst();
      warm = true;
    }
    steps.addLast(step);
    nanos += step.nanos();
    waitNanos += step.waitNanos();
    allReduceNanos += step.allReduceNanos();
    while (steps.size() > FEWEST_STEPS && nanos > LONGEST_NANOS) {
      removeFirst();
    }
  }

  private void removeFirst() {
    StepTime first = steps.removeFirst();
    nanos -= first.nanos();
    waitNanos -= first.waitNanos();
    allReduceNanos -= first.allReduceNanos();
  }

  /** Not a number before the first step. */
  double secondsPerStep() {
    return nanos / 1e9 / steps.size();
  }

  double waitShare() {
    return (double) waitNanos / nanos;
  }

  double allReduceShare() {
    return (double) allReduceNanos / nanos;
  }
}
