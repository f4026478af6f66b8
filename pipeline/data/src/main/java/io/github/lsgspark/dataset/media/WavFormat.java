package io.github.lsgspark.dataset.media;

import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How the numbers of a WAV file are stored. FFmpeg takes RIFX, with the large byte first, for RIFF;
 * the valid bits of a sample for all of its bytes; and a size of blocks that is no multiple of a
 * sample's for one. Such files are written anew for it.
 *
 * @param tag PCM, float, A-law, mu-law, or another codec
 * @param bytes of one sample
 */
record WavFormat(int tag, int channels, int rate, int bytes) {
  private static final int PCM = 1;
  private static final int FLOAT = 3;
  private static final int A_LAW = 6;
  private static final int MU_LAW = 7;
  private static final int EXTENSIBLE = 0xFFFE;

  private static final int HEADER = 12;
  private static final int CHUNK_HEADER = 8;
  private static final int PLAIN = 16;
  private static final int SUBFORMAT = 24;
  private static final int WRITTEN_HEADER = 44;
  private static final int MOST_BYTES = 8;

  /** Whether a file is a WAV file, of either order of bytes, or a large one. */
  static boolean is(byte[] content) {
    return content.length >= HEADER
        && name(content, 8).equals("WAVE")
        && (isLargeByteFirst(content)
            || name(content, 0).equals("RIFF")
            || name(content, 0).equals("RF64")
            || name(content, 0).equals("BW64"));
  }

  private static boolean isLargeByteFirst(byte[] content) {
    return name(content, 0).equals("RIFX");
  }

  /**
   * The file as FFmpeg reads it rightly; itself if it does so already.
   *
   * @throws UnreadableSampleException UNSUPPORTED_FORMAT for RIFX with another codec
   */
  static byte[] readable(byte[] content) throws UnreadableSampleException {
    if (!is(content)) {
      return content;
    }
    boolean swapped = isLargeByteFirst(content);
    Optional<SoundBytes> sound = SoundBytes.of(content);
    ByteOrder order = swapped ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    ByteBuffer header = ByteBuffer.wrap(content).order(order);
    int at = formatChunk(header);
    if (at < 0 || sound.isEmpty()) {
      return content;
    }
    int tag = tag(header, at);
    boolean plain = isPlain(tag);
    if (!plain && swapped) {
      throw new UnreadableSampleException(
          Reason.UNSUPPORTED_FORMAT,
          "is a RIFX file (WAV with the large byte first) of codec 0x%04x; only PCM, float, A-law and mu-law are opened there"
              .formatted(tag));
    }
    WavFormat format = of(header, at, tag);
    if (!plain || format.channels == 0 || format.bytes == 0) {
      return content;
    }
    if (!swapped && format.isWhatFfmpegTakesItFor(header, at)) {
      return content;
    }
    return format.written(content, sound.get(), swapped);
  }

  /** Where the fields of "fmt " stand; -1 if there are none. */
  private static int formatChunk(ByteBuffer header) {
    long at = HEADER;
    while (at + CHUNK_HEADER + PLAIN <= header.limit()) {
      long size = header.getInt((int) at + 4) & 0xFFFFFFFFL;
      if (name(header.array(), (int) at).equals("fmt ")) {
        return size < PLAIN ? -1 : (int) at + CHUNK_HEADER;
      }
      at += CHUNK_HEADER + size + size % 2;
    }
    return -1;
  }

  /** The codec; of an extensible header that of its GUID, whichever order its bytes have. */
  private static int tag(ByteBuffer header, int at) {
    int tag = header.getShort(at) & 0xFFFF;
    if (tag != EXTENSIBLE || at + SUBFORMAT + 4 > header.limit()) {
      return tag;
    }
    int first = header.getInt(at + SUBFORMAT);
    return IntStream.of(first, Integer.reverseBytes(first), first >>> 16)
        .filter(WavFormat::isPlain)
        .findFirst()
        .orElse(first);
  }

  private static boolean isPlain(int tag) {
    return tag == PCM || tag == FLOAT || tag == A_LAW || tag == MU_LAW;
  }

  private static WavFormat of(ByteBuffer header, int at, int tag) {
    int channels = header.getShort(at + 2) & 0xFFFF;
    int rate = header.getInt(at + 4);
    long byteRate = header.getInt(at + 8) & 0xFFFFFFFFL;
    int block = header.getShort(at + 12) & 0xFFFF;
    int bytes = ((header.getShort(at + 14) & 0xFFFF) + 7) / 8;
    boolean holds = channels > 0 && block % channels == 0 && block / channels > bytes && bytes > 0;
    boolean meant = (header.getShort(at) & 0xFFFF) == EXTENSIBLE || byteRate == (long) rate * block;
    if (holds && meant && block / channels <= MOST_BYTES && tag == PCM) {
      bytes = block / channels;
    }
    return new WavFormat(tag, channels, rate, bytes);
  }

  private boolean isWhatFfmpegTakesItFor(ByteBuffer header, int at) {
    int block = header.getShort(at + 12) & 0xFFFF;
    int bits = header.getShort(at + 14) & 0xFFFF;
    boolean extensible = (header.getShort(at) & 0xFFFF) == EXTENSIBLE;
    int valid = extensible && at + 20 <= header.limit() ? header.getShort(at + 18) & 0xFFFF : bits;
    int taken = ((valid == 0 ? bits : valid) + 7) / 8;
    return block == channels * bytes && taken == bytes;
  }

  private byte[] written(byte[] content, SoundBytes sound, boolean swapped) {
    long present = (long) content.length - sound.start();
    boolean stated = sound.stated() > 0 && sound.stated() < present;
    int size = (int) (stated ? sound.stated() : Math.max(0, present));
    int block = channels * bytes;
    byte[] written = new byte[WRITTEN_HEADER + size];
    ByteBuffer out = ByteBuffer.wrap(written).order(ByteOrder.LITTLE_ENDIAN);
    out.put(bytes("RIFF")).putInt(written.length - CHUNK_HEADER).put(bytes("WAVEfmt "));
    out.putInt(PLAIN).putShort((short) tag).putShort((short) channels).putInt(rate);
    out.putInt(rate * block).putShort((short) block).putShort((short) (8 * bytes));
    out.put(bytes("data")).putInt(size);
    System.arraycopy(
        content, Math.min(sound.start(), content.length), written, WRITTEN_HEADER, size);
    if (swapped) {
      for (int at = WRITTEN_HEADER; at + bytes <= written.length; at += bytes) {
        for (int i = 0; i < bytes / 2; i++) {
          byte first = written[at + i];
          written[at + i] = written[at + bytes - 1 - i];
          written[at + bytes - 1 - i] = first;
        }
      }
    }
    return written;
  }

  private static byte[] bytes(String name) {
    return name.getBytes(StandardCharsets.US_ASCII);
  }

  private static String name(byte[] content, int at) {
    return new String(content, at, 4, StandardCharsets.ISO_8859_1);
  }
}
