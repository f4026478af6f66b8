package io.github.lsgspark.dataset.media;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * How much sound a WAV file says that it holds. FFmpeg believes what is there, and so does not tell
 * a file that was cut off.
 */
final class WavLength {
  private static final int HEADER = 12;
  private static final int CHUNK_HEADER = 8;

  /** Programs that do not know the length yet state the largest, or one shortly below it. */
  private static final long UNKNOWN = 0x7FFF0000L;

  private WavLength() {}

  /** Share of the stated bytes of sound that the file lacks; 0 if it states none or is no WAV. */
  static double missingShare(byte[] content) {
    if (content.length < HEADER || !name(content, 0).equals("RIFF")) {
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
