package io.github.lsgspark.torch;

import java.util.Locale;

/** A sum that a replica has begun, for the watchdog, whose lock guards it. */
final class PendingSum {
  private final String what;
  private final long begun;
  private ExchangeGroup.Sum sum;
  private boolean ordered;

  /**
   * @param what is summed
   * @param begun when, in nanoseconds
   */
  PendingSum(String what, long begun) {
    this.what = what;
    this.begun = begun;
  }

  /** How long a replica has waited for it, as a sentence. */
  String waited(int rank, long now) {
    return String.format(
        Locale.ROOT, "rank %d had waited %.1f s for %s", rank, (now - begun) / 1e9, what);
  }

  long begun() {
    return begun;
  }

  /** The transport has it; before, asking the transport may hang. */
  void takenUp(ExchangeGroup.Sum taken) {
    sum = taken;
  }

  /** The replica's own thread has done with it. */
  void ordered() {
    ordered = true;
  }

  /** Whether nobody looks at it any more: only then may it be closed. */
  boolean over() {
    return ordered && ended();
  }

  boolean ended() {
    return sum != null && sum.ended();
  }

  void close() {
    if (sum != null) {
      sum.close();
    }
  }
}
