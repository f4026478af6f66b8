package io.github.lsgspark.dataset.modality;

/** A sample that cannot be used; it is set aside with the reason. */
public final class UnreadableSampleException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why a sample was set aside. */
  public enum Reason {
    EMPTY_FILE,
    TRUNCATED,
    NOT_AN_IMAGE,
    NOT_MEDIA,
    UNSUPPORTED_FORMAT,
    NO_STREAM,
    DAMAGED,
    TOO_MANY_BYTES,
    TOO_MANY_PIXELS,
    TOO_SMALL,
    TOO_SHORT,
    TOO_LONG,
    CHANGING_SIZE,
    SILENT,
    MISSING_FILE,
    NO_PERMISSION,
    UNKNOWN_LABEL
  }

  private final Reason reason;

  public UnreadableSampleException(Reason reason, String detail) {
    super(detail);
    this.reason = reason;
  }

  /**
   * A file of a format that is known by its name, but not opened.
   *
   * @param other the reason for what holds no pictures, sound or films that could be opened
   * @param opened what is opened, for the message
   */
  public static UnreadableSampleException of(FileFormat format, Reason other, String opened) {
    return new UnreadableSampleException(
        format.media() ? Reason.UNSUPPORTED_FORMAT : other, "is " + format.name() + "; " + opened);
  }

  public Reason reason() {
    return reason;
  }
}
