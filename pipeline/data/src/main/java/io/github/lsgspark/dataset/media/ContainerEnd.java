package io.github.lsgspark.dataset.media;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Where a container says that it ends: FFmpeg decodes the beginning of a file that was cut off
 * without a word, or calls it no file at all.
 */
final class ContainerEnd {
  private static final Set<String> BOXES =
      Set.of(
          "ftyp", "moov", "mdat", "moof", "mfra", "sidx", "free", "skip", "wide", "udta", "uuid");
  private static final int BOX_HEADER = 8;
  private static final int EBML = 0x1A45DFA3;
  private static final int SEGMENT = 0x18538067;

  private ContainerEnd() {}

  /** The share that an MP4, QuickTime, AVI, WebM or Matroska file lacks of what it says. */
  static double missingShare(byte[] content) {
    try {
      return StatedSize.missingShare(stated(ByteBuffer.wrap(content)), content.length);
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      return 0; // ends within its first header; what FFmpeg says of it will do
    }
  }

  /** Bytes that the file should have; 0 if it does not say. */
  private static long stated(ByteBuffer content) {
    if (content.remaining() < BOX_HEADER) {
      return 0;
    }
    if (content.getInt(0) == EBML) {
      return matroska(content);
    }
    return switch (name(content, 0)) {
      case "RIFF" -> {
        if (!name(content, BOX_HEADER).equals("AVI ")) {
          yield 0; // of sounds the chunk of samples counts
        }
        int size = content.order(ByteOrder.LITTLE_ENDIAN).getInt(4);
        yield size <= 0 ? 0 : (long) size + BOX_HEADER;
      }
      default -> boxes(content);
    };
  }

  private static long boxes(ByteBuffer content) {
    long at = 0;
    while (at + BOX_HEADER <= content.limit() && BOXES.contains(name(content, (int) at + 4))) {
      long size = content.getInt((int) at) & 0xFFFFFFFFL;
      if (size == 1) {
        size = content.getLong((int) at + BOX_HEADER);
      }
      if (size < BOX_HEADER) {
        return 0; // it lasts to the end of the file, or makes no sense
      }
      at += size;
    }
    return at;
  }

  private static String name(ByteBuffer content, int at) {
    byte[] name = new byte[4];
    content.get(at, name);
    return new String(name, StandardCharsets.ISO_8859_1);
  }

  private static long matroska(ByteBuffer content) {
    content.position(Integer.BYTES);
    long header = length(content);
    content.position(Math.toIntExact(Math.min(content.limit(), content.position() + header)));
    if (content.getInt() != SEGMENT) {
      return 0;
    }
    long size = length(content);
    return size < 0 ? 0 : content.position() + size;
  }

  /** A number of one to eight bytes, of which the first tells how many; -1: unknown. */
  private static long length(ByteBuffer content) {
    int first = content.get() & 0xFF;
    int more = Integer.numberOfLeadingZeros(first) - 24;
    long value = first & (0x7F >> more);
    boolean ones = value == 0x7F >> more;
    for (int i = 0; i < more; i++) {
      int next = content.get() & 0xFF;
      ones &= next == 0xFF;
      value = value << 8 | next;
    }
    return ones ? -1 : value;
  }
}
