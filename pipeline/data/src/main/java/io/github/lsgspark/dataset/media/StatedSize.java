package io.github.lsgspark.dataset.media;

/** What a length in a header is worth: programs that stream write one before they know it. */
final class StatedSize {

  /** The largest number of 31 bits, or one shortly below it, stands for "unknown". */
  private static final long UNKNOWN = 0x7FFF0000L;

  /** More than hours of speech: no sample states so much and holds a tenth of it. */
  private static final long LARGE = 1L << 28;

  private static final long ROUND = 1_000_000;
  private static final int TIMES = 10;

  private StatedSize() {}

  /** Whether a number of bytes stands for one that was not known yet. */
  static boolean isPlaceholder(long stated, long present) {
    if (stated <= 0 || stated >= UNKNOWN) {
      return true;
    }
    boolean implausible = stated >= LARGE || stated % ROUND == 0;
    return implausible && present < stated / TIMES;
  }

  /** The share of the stated bytes that is not there; 0 if the number stands for "unknown". */
  static double missingShare(long stated, long present) {
    return isPlaceholder(stated, present) ? 0 : Math.max(0, 1 - (double) present / stated);
  }
}
