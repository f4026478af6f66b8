package io.github.lsgspark.dataset;

/** An image that cannot be used; the sample is set aside with the reason. */
public final class UnreadableImageException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why a sample was set aside. */
  public enum Reason {
    EMPTY_FILE,
    TRUNCATED,
    NOT_AN_IMAGE,
    DAMAGED,
    TOO_MANY_BYTES,
    TOO_MANY_PIXELS,
    TOO_SMALL,
    MISSING_FILE,
    UNKNOWN_LABEL
  }

  private final Reason reason;

  public UnreadableImageException(Reason reason, String detail) {
    super(detail);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
