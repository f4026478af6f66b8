package io.github.lsgspark.dataset.modality;

import java.nio.ByteBuffer;
import java.util.Set;

/**
 * Whether a file of MP4's kind has the boxes of HEIF's pictures, whatever it calls itself: FFmpeg
 * would read them, and damaged ones end the process in it.
 */
final class HeifItems {
  private static final int TYPE = 0x66747970;
  private static final int MOVIE = 0x6D6F6F76;
  private static final int LOCATIONS = 0x696C6F63;
  private static final int ITEMS = 0x69696E66;

  /** Boxes of samples, in which any bytes may be: mdat, free, skip, wide. */
  private static final Set<Integer> SAMPLES =
      Set.of(0x6D646174, 0x66726565, 0x736B6970, 0x77696465);

  private HeifItems() {}

  static boolean are(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file);
    if (file.length < 16 || bytes.getInt(4) != TYPE) {
      return false;
    }
    long at = 0;
    while (at + 16 <= file.length) {
      long size = bytes.getInt((int) at) & 0xFFFFFFFFL;
      size = size == 1 ? bytes.getLong((int) at + 8) : size;
      long end = size < 8 || size > file.length - at ? file.length : at + size;
      if (!SAMPLES.contains(bytes.getInt((int) at + 4)) && within(bytes, (int) at, (int) end)) {
        return true;
      }
      at = end;
    }
    return false;
  }

  private static boolean within(ByteBuffer bytes, int from, int to) {
    for (int i = from + 8; i + 4 <= to; i++) {
      int name = bytes.get(i) == 'i' ? bytes.getInt(i) : 0;
      if (name == LOCATIONS || name == ITEMS) {
        // Tables of a film hold any bytes too; a box has its size before its name.
        long size = bytes.getInt(i - 4) & 0xFFFFFFFFL;
        if (bytes.getInt(from + 4) != MOVIE || size >= 8 && size <= (long) to - i + 4) {
          return true;
        }
      }
    }
    return false;
  }
}
