package io.github.lsgspark.dataset.modality;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The first directory of a TIFF file. Raw files of cameras are such files whose first picture is a
 * small one for a preview.
 */
final class TiffStart {
  private static final int HEADER = 8;
  private static final int ENTRY = 12;
  private static final int MAGIC = 42;
  private static final int NEW_SUBFILE_TYPE = 0xFE;
  private static final int MAKE = 0x10F;
  private static final int SUB_DIRECTORIES = 0x14A;
  private static final int DNG_VERSION = 0xC612;

  private final ByteBuffer content;

  TiffStart(byte[] content) {
    this.content = ByteBuffer.wrap(content);
  }

  /** Whether it is a TIFF file. */
  boolean is() {
    if (content.capacity() < HEADER) {
      return false;
    }
    content.order(content.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    return content.get(0) == content.get(1)
        && (content.get(0) == 'I' || content.get(0) == 'M')
        && content.getShort(2) == MAGIC;
  }

  /** The name of a raw file; empty for other TIFF files, and for all others. */
  Optional<String> raw() {
    if (!is()) {
      return Optional.empty();
    }
    long at = content.getInt(4) & 0xFFFFFFFFL;
    if (at + 2 > content.capacity()) {
      return Optional.empty();
    }
    int count = content.getShort((int) at) & 0xFFFF;
    Set<Integer> tags = new TreeSet<>();
    boolean reduced = false;
    for (int i = 0; i < count; i++) {
      long entry = at + 2 + (long) ENTRY * i;
      if (entry + ENTRY > content.capacity()) {
        break;
      }
      int tag = content.getShort((int) entry) & 0xFFFF;
      tags.add(tag);
      reduced |= tag == NEW_SUBFILE_TYPE && (content.getInt((int) entry + 8) & 1) == 1;
    }
    if (tags.contains(DNG_VERSION)) {
      return Optional.of("camera raw file (DNG)");
    }
    return reduced && tags.contains(MAKE) && tags.contains(SUB_DIRECTORIES)
        ? Optional.of("camera raw file (NEF, ARW or another of TIFF's kind)")
        : Optional.empty();
  }
}
