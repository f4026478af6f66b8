package io.github.lsgspark.dataset.media;

import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The primary picture of an AVIF file (ISO/IEC 23008-12), as it is coded. FFmpeg's reader of such
 * files is not used: damaged ones end the process in it.
 */
final class AvifFile {
  private static final int META = 0x6D657461;
  private static final int PRIMARY = 0x7069746D;
  private static final int LOCATIONS = 0x696C6F63;
  private static final int ITEMS = 0x69696E66;
  private static final int PROPERTIES = 0x69707270;
  private static final int CONTAINER = 0x6970636F;
  private static final int ASSOCIATIONS = 0x69706D61;
  private static final int DATA = 0x69646174;
  private static final int EXTENT = 0x69737065;
  private static final int ROTATION = 0x69726F74;
  private static final int MIRROR = 0x696D6972;
  private static final int COLOUR = 0x636F6C72;
  private static final int NCLX = 0x6E636C78;
  private static final int AV1 = 0x61763031;
  private static final int UNKNOWN_MATRIX = 2;
  private static final int LAST_MATRIX = 14;
  private static final int GRID = 0x67726964;

  /** EXIF's orientations by quarters to the left, and then not mirrored, top to bottom, sides. */
  private static final int[][] ORIENTATIONS = {{1, 4, 2}, {8, 5, 7}, {3, 2, 4}, {6, 7, 5}};

  private final ByteBuffer file;
  private final Map<Integer, ByteBuffer> boxes;
  private final long item;
  private long width;
  private long height;
  private int quarters;
  private int mirrored;
  private int matrix = -1;
  private boolean fullRange;

  private AvifFile(byte[] content) throws UnreadableSampleException {
    file = ByteBuffer.wrap(content);
    ByteBuffer meta = require(boxes(file), META);
    meta.getInt(); // version and flags
    boxes = boxes(meta);
    ByteBuffer primary = require(boxes, PRIMARY);
    item = primary.get() == 0 ? primary.getShort(4) & 0xFFFF : primary.getInt(4) & 0xFFFFFFFFL;
  }

  /**
   * @throws UnreadableSampleException if it has no picture that is opened
   */
  static AvifFile open(byte[] content) throws UnreadableSampleException {
    try {
      AvifFile avif = new AvifFile(content);
      avif.requireOne();
      avif.readProperties();
      return avif;
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new UnreadableSampleException(Reason.DAMAGED, "its boxes are not whole");
    }
  }

  long width() {
    return width;
  }

  long height() {
    return height;
  }

  /** EXIF's number of how the picture lies. */
  int orientation() {
    return ORIENTATIONS[quarters][mirrored];
  }

  /** Number of the matrix of its colours; -1: the coded picture says it. */
  int matrix() {
    return matrix;
  }

  boolean isFullRange() {
    return fullRange;
  }

  /** The coded picture. */
  byte[] data() throws UnreadableSampleException {
    try {
      return read();
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new UnreadableSampleException(Reason.TRUNCATED, "the picture's data is not all there");
    }
  }

  private byte[] read() throws UnreadableSampleException {
    ByteBuffer table = require(boxes, LOCATIONS).duplicate();
    int version = table.get();
    table.position(4);
    int sizes = table.getShort();
    int offsetSize = sizes >> 12 & 15;
    int lengthSize = sizes >> 8 & 15;
    int baseSize = sizes >> 4 & 15;
    int indexSize = version > 0 ? sizes & 15 : 0;
    long items = number(table, version < 2 ? 2 : 4);
    for (long i = 0; i < items; i++) {
      long id = number(table, version < 2 ? 2 : 4);
      int method = version > 0 ? table.getShort() & 15 : 0;
      table.getShort(); // which file: this one
      long base = number(table, baseSize);
      int extents = table.getShort() & 0xFFFF;
      ByteArrayOutputStream data = new ByteArrayOutputStream();
      for (int e = 0; e < extents; e++) {
        number(table, indexSize);
        long offset = base + number(table, offsetSize);
        long length = number(table, lengthSize);
        if (id == item) {
          ByteBuffer source = method == 1 ? require(boxes, DATA) : file;
          long whole = length == 0 ? source.limit() - offset : length;
          if (method > 1
              || offset < 0
              || whole < 0
              || offset + whole > source.limit()
              || data.size() + whole > file.limit()) {
            throw new IndexOutOfBoundsException();
          }
          byte[] part = new byte[(int) whole];
          source.get((int) offset, part);
          data.writeBytes(part);
        }
      }
      if (id == item) {
        return data.toByteArray();
      }
    }
    throw new UnreadableSampleException(Reason.DAMAGED, "its picture is nowhere");
  }

  private void requireOne() throws UnreadableSampleException {
    ByteBuffer items = require(boxes, ITEMS).duplicate();
    int version = items.get();
    items.position(version == 0 ? 6 : 8);
    int type = 0;
    while (items.remaining() >= 8) {
      ByteBuffer entry = box(items);
      boolean wide = entry.get(0) > 2;
      long id = wide ? entry.getInt(4) & 0xFFFFFFFFL : entry.getShort(4) & 0xFFFF;
      type = id == item ? entry.getInt(wide ? 10 : 8) : type;
    }
    if (type == GRID) {
      throw new UnreadableSampleException(
          Reason.UNSUPPORTED_FORMAT, "is an AVIF picture in tiles (a grid); whole ones are opened");
    }
    if (type != AV1) {
      throw new UnreadableSampleException(Reason.DAMAGED, "its first picture is not coded as AV1");
    }
  }

  private void readProperties() throws UnreadableSampleException {
    Map<Integer, ByteBuffer> parts = boxes(require(boxes, PROPERTIES));
    List<ByteBuffer> properties = new ArrayList<>();
    List<Integer> types = new ArrayList<>();
    ByteBuffer container = require(parts, CONTAINER).duplicate();
    while (container.remaining() >= 8) {
      types.add(container.getInt(container.position() + 4));
      properties.add(box(container));
    }
    ByteBuffer table = require(parts, ASSOCIATIONS).duplicate();
    int version = table.get();
    table.position(3);
    boolean wide = (table.get() & 1) == 1;
    long entries = table.getInt() & 0xFFFFFFFFL;
    for (long i = 0; i < entries; i++) {
      long id = number(table, version < 1 ? 2 : 4);
      int count = table.get() & 0xFF;
      for (int n = 0; n < count; n++) {
        int index = wide ? table.getShort() & 0x7FFF : table.get() & 0x7F;
        if (id == item && index > 0) {
          take(types.get(index - 1), properties.get(index - 1));
        }
      }
    }
  }

  private void take(int type, ByteBuffer property) {
    switch (type) {
      case EXTENT -> {
        width = property.getInt(4) & 0xFFFFFFFFL;
        height = property.getInt(8) & 0xFFFFFFFFL;
      }
      case ROTATION -> quarters = property.get(0) & 3;
      case MIRROR -> mirrored = 1 + (property.get(0) & 1);
      case COLOUR -> {
        if (property.getInt(0) == NCLX) {
          matrix = known(property.getShort(8) & 0xFFFF);
          fullRange = (property.get(10) & 0x80) != 0;
        }
      }
      default -> {
        // does not change what is seen, or how it is decoded
      }
    }
  }

  private static int known(int matrix) {
    return matrix <= LAST_MATRIX ? matrix : UNKNOWN_MATRIX;
  }

  private static ByteBuffer require(Map<Integer, ByteBuffer> boxes, int type)
      throws UnreadableSampleException {
    ByteBuffer box = boxes.get(type);
    if (box == null) {
      throw new UnreadableSampleException(Reason.DAMAGED, "its boxes are not whole");
    }
    return box;
  }

  /** The first box of each kind. */
  private static Map<Integer, ByteBuffer> boxes(ByteBuffer within) {
    ByteBuffer rest = within.slice();
    Map<Integer, ByteBuffer> boxes = new HashMap<>();
    while (rest.remaining() >= 8) {
      int type = rest.getInt(rest.position() + 4);
      boxes.putIfAbsent(type, box(rest));
    }
    return boxes;
  }

  /** The content of the next box; of one that is longer than the file, what there is. */
  private static ByteBuffer box(ByteBuffer boxes) {
    int start = boxes.position();
    long size = boxes.getInt() & 0xFFFFFFFFL;
    boxes.getInt();
    size = size == 1 ? boxes.getLong() : size;
    int header = boxes.position() - start;
    long left = (long) boxes.limit() - start;
    long whole = size == 0 ? left : size;
    if (whole < header) {
      throw new IndexOutOfBoundsException();
    }
    int length = (int) Math.min(whole, left) - header;
    ByteBuffer content = boxes.slice(boxes.position(), length);
    boxes.position(boxes.position() + length);
    return content;
  }

  private static long number(ByteBuffer table, int bytes) {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value = value << 8 | table.get() & 0xFF;
    }
    return value;
  }
}
