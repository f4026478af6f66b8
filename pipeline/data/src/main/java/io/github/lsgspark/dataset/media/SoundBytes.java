package io.github.lsgspark.dataset.media;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Where the bytes of sound lie in WAV (RIFF, RIFX, RF64), Wave64, AIFF, CAF and AU files, and how
 * many the header states. FFmpeg believes what is there, and so does not tell a file that was cut
 * off; and it believes a size of 0, which stands for "unknown", in some of them.
 *
 * @param start of the sound in the file
 * @param stated bytes of sound; may be wrong
 * @param field where the number stands that states them
 * @param fieldBytes of that number
 * @param more by which the number is larger than the bytes of sound
 * @param order of its bytes
 * @param whole whether the container as a whole says that it ends where the file does, or before
 */
record SoundBytes(
    int start, long stated, int field, int fieldBytes, int more, ByteOrder order, boolean whole) {
  private static final int FORM = 8;
  private static final int HEADER = 12;
  private static final int CHUNK_HEADER = 8;
  private static final int LONG_CHUNK_HEADER = 12;
  private static final int GUID = 16;
  private static final int GUID_CHUNK_HEADER = 24;
  private static final int AU_HEADER = 24;

  /** Of a file of one of these formats with a chunk of sound. */
  static Optional<SoundBytes> of(byte[] content) {
    if (content.length < AU_HEADER) {
      return Optional.empty();
    }
    String form = name(content, FORM);
    return switch (name(content, 0)) {
      case "RIFF" -> chunks(content, form.equals("WAVE"), "data", 0, ByteOrder.LITTLE_ENDIAN);
      case "RIFX" -> chunks(content, form.equals("WAVE"), "data", 0, ByteOrder.BIG_ENDIAN);
      case "RF64", "BW64" -> largeWav(content);
      // Behind the chunk's header stand an offset and a size of blocks.
      case "FORM" -> chunks(content, form.startsWith("AIF"), "SSND", 8, ByteOrder.BIG_ENDIAN);
      case "caff" -> coreAudio(content);
      case "riff" -> wave64(content);
      case ".snd" -> {
        ByteBuffer header = ByteBuffer.wrap(content);
        int start = header.getInt(4);
        yield start < 0
            ? Optional.empty()
            : Optional.of(
                new SoundBytes(start, header.getInt(8), 8, 4, 0, ByteOrder.BIG_ENDIAN, false));
      }
      default -> Optional.empty();
    };
  }

  /** The share of the stated bytes of sound that the file lacks; 0 if it states none. */
  double missingShare(int length) {
    return whole ? 0 : StatedSize.missingShare(stated, (long) length - start);
  }

  /**
   * The file with the number of bytes that are there, where it states none and FFmpeg would take
   * that for the length.
   */
  byte[] stating(byte[] content) {
    if (stated > 0 || start >= content.length) {
      return content;
    }
    byte[] changed = content.clone();
    long size = (long) content.length - start + more;
    ByteBuffer bytes = ByteBuffer.wrap(changed).order(order);
    if (fieldBytes == Long.BYTES) {
      bytes.putLong(field, size);
    } else {
      bytes.putInt(field, (int) size);
    }
    return changed;
  }

  private static Optional<SoundBytes> chunks(
      byte[] content, boolean sound, String wanted, int before, ByteOrder order) {
    if (!sound) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.wrap(content).order(order);
    long outer = bytes.getInt(4) & 0xFFFFFFFFL;
    boolean whole = outer > 0 && outer + CHUNK_HEADER <= content.length;
    long at = HEADER;
    while (at + CHUNK_HEADER <= content.length) {
      long size = bytes.getInt((int) at + 4) & 0xFFFFFFFFL;
      if (name(content, (int) at).equals(wanted)) {
        int start = (int) at + CHUNK_HEADER + before;
        long stated = size == 0 ? 0 : size - before;
        return Optional.of(new SoundBytes(start, stated, (int) at + 4, 4, before, order, whole));
      }
      at += CHUNK_HEADER + size + size % 2;
    }
    return Optional.empty();
  }

  /** The chunk "ds64" has the sizes that 32 bits are too few for. */
  private static Optional<SoundBytes> largeWav(byte[] content) {
    if (content.length < HEADER + CHUNK_HEADER + GUID || !name(content, HEADER).equals("ds64")) {
      return Optional.empty();
    }
    int field = HEADER + CHUNK_HEADER + Long.BYTES;
    long size = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getLong(field);
    return chunks(content, true, "data", 0, ByteOrder.LITTLE_ENDIAN)
        .map(
            data ->
                new SoundBytes(
                    data.start, size, field, Long.BYTES, 0, ByteOrder.LITTLE_ENDIAN, false));
  }

  private static Optional<SoundBytes> coreAudio(byte[] content) {
    ByteBuffer bytes = ByteBuffer.wrap(content);
    long at = CHUNK_HEADER;
    while (at >= 0 && at + LONG_CHUNK_HEADER <= content.length) {
      long size = bytes.getLong((int) at + 4);
      if (name(content, (int) at).equals("data")) {
        int start = (int) at + LONG_CHUNK_HEADER + 4;
        return Optional.of(
            new SoundBytes(
                start, size - 4, (int) at + 4, Long.BYTES, 4, ByteOrder.BIG_ENDIAN, false));
      }
      at = size < 0 ? -1 : at + LONG_CHUNK_HEADER + size;
    }
    return Optional.empty();
  }

  private static Optional<SoundBytes> wave64(byte[] content) {
    ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    long at = GUID_CHUNK_HEADER + GUID;
    while (at >= 0 && at + GUID_CHUNK_HEADER <= content.length) {
      long size = bytes.getLong((int) at + GUID);
      if (name(content, (int) at).equals("data")) {
        int start = (int) at + GUID_CHUNK_HEADER;
        return Optional.of(
            new SoundBytes(
                start,
                size - GUID_CHUNK_HEADER,
                (int) at + GUID,
                Long.BYTES,
                GUID_CHUNK_HEADER,
                ByteOrder.LITTLE_ENDIAN,
                false));
      }
      // Sizes count the header; chunks begin at multiples of eight.
      at = size < GUID_CHUNK_HEADER ? -1 : at + (size + 7) / 8 * 8;
    }
    return Optional.empty();
  }

  private static String name(byte[] content, int at) {
    return new String(content, at, 4, StandardCharsets.ISO_8859_1);
  }
}
