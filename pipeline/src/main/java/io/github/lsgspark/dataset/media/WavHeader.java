package io.github.lsgspark.dataset.media;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** What the beginning of a WAV file tells, beside what FFmpeg reads there. */
final class WavHeader {
  private static final int HEADER = 12;
  private static final int FORM = 8;
  private static final int CHUNK_HEADER = 8;

  /** Programs that do not know the length yet state the largest, or one shortly below it. */
  private static final long UNKNOWN = 0x7FFF0000L;

  private WavHeader() {}

  /** Whether a file is a WAV file. */
  static boolean is(byte[] content) {
    return content.length >= HEADER
        && name(content, 0).equals("RIFF")
        && name(content, FORM).equals("WAVE");
  }

  /**
   * Share of the stated bytes of sound that the file lacks; 0 if it states none or is no WAV.
   * FFmpeg believes what is there, and so does not tell a file that was cut off.
   */
  static double missingShare(byte[] content) {
    if (!is(content)) {
      return 0;
    }
    ByteBuffer chunks = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    long at = HEADER;
    while (at + CHUNK_HEADER <= content.length) {
      long size = chunks.getInt((int) at + 4) & 0xFFFFFFFFL;
      long start = at + CHUNK_HEADER;
      if (name(content, (int) at).equals("data")) {
        boolean known = size > 0 && size < UNKNOWN;
        return known ? Math.max(0, 1 - (double) (content.length - start) / size) : 0;
      }
      at = start + size + size % 2;
    }
    return 0;
  }

  private static String name(byte[] content, int at) {
    return new String(content, at, 4, StandardCharsets.US_ASCII);
  }
}
