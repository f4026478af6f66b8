package io.github.lsgspark.torch;

/** A sum that a replica has begun, for the watchdog, whose lock guards it. */
final class PendingSum {
  private final String what;
  private final long begun;
  private ExchangeGroup.Sum sum;

  /**
   * @param what is summed
   * @param begun when, in nanoseconds
   */
  PendingSum(String what, long begun) {
    this.what = what;
    this.begun = begun;
  }

  String what() {
    return what;
  }

  long begun() {
    return begun;
  }

  /** The transport has it; before, asking the transport may hang. */
  void takenUp(ExchangeGroup.Sum taken) {
    sum = taken;
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
