package io.github.lsgspark.evaluation;

/** A sample that cannot be read, and why. */
final class UnreadableSampleException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;

  /**
   * @param reason a short fixed name, as in the table of rejected samples
   */
  UnreadableSampleException(String reason, String detail, Throwable cause) {
    super(detail, cause);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
