package io.github.lsgspark.dataset.modality;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The first directory of a TIFF file. Raw files of cameras are such files whose first picture is a
 * small one for a preview.
 */
public final class TiffStart {
  private static final int HEADER = 8;
  private static final int ENTRY = 12;
  private static final int MAGIC = 42;
  private static final int NEW_SUBFILE_TYPE = 0xFE;
  private static final int WIDTH = 0x100;
  private static final int HEIGHT = 0x101;
  private static final int BITS = 0x102;
  private static final int PHOTOMETRIC = 0x106;
  private static final int MAKE = 0x10F;
  private static final int STRIP_OFFSETS = 0x111;
  private static final int ORIENTATION = 0x112;
  private static final int SAMPLES = 0x115;
  private static final int ROWS_PER_STRIP = 0x116;
  private static final int STRIP_BYTES = 0x117;
  private static final int TILE_WIDTH = 0x142;
  private static final int TILE_HEIGHT = 0x143;
  private static final int TILE_OFFSETS = 0x144;
  private static final int TILE_BYTES = 0x145;
  private static final int SAMPLE_FORMAT = 0x153;
  private static final int SHORT = 3;
  private static final int LONG = 4;
  private static final int SUB_DIRECTORIES = 0x14A;
  private static final int DNG_VERSION = 0xC612;

  private final ByteBuffer content;

  public TiffStart(byte[] content) {
    this.content = ByteBuffer.wrap(content);
  }

  /** Whether it is a TIFF file. */
  public boolean is() {
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
    Map<Integer, Integer> entries = entries();
    Set<Integer> tags = entries.keySet();
    boolean reduced = (first(entries, NEW_SUBFILE_TYPE, 0) & 1) == 1;
    if (tags.contains(DNG_VERSION)) {
      return Optional.of("camera raw file (DNG)");
    }
    return reduced && tags.contains(MAKE) && tags.contains(SUB_DIRECTORIES)
        ? Optional.of("camera raw file (NEF, ARW or another of TIFF's kind)")
        : Optional.empty();
  }

  /** EXIF's number of how the first picture lies; 1, upright, if it does not say. */
  public int orientation() {
    return is() ? (int) first(entries(), ORIENTATION, 1) : 1;
  }

  /** Whether the first picture's data is all there. */
  public boolean isWhole() {
    Map<Integer, Integer> entries = entries();
    boolean tiled = entries.containsKey(TILE_OFFSETS);
    long[] offsets = values(entries.get(tiled ? TILE_OFFSETS : STRIP_OFFSETS));
    long[] bytes = values(entries.get(tiled ? TILE_BYTES : STRIP_BYTES));
    for (int i = 0; i < Math.min(offsets.length, bytes.length); i++) {
      if (offsets[i] + bytes[i] > content.capacity()) {
        return false;
      }
    }
    return offsets.length > 0;
  }

  /**
   * Why the first picture is not opened: colours and samples that Java's reader takes for others.
   *
   * @param maxPixels of a part of the picture that is read at once
   */
  public Optional<String> refusal(long maxPixels) {
    Map<Integer, Integer> entries = entries();
    long colours = first(entries, PHOTOMETRIC, 1);
    long samples = first(entries, SAMPLES, 1);
    long format = first(entries, SAMPLE_FORMAT, 1);
    long bits = first(entries, BITS, 1);
    if (colours > 6) {
      return Optional.of(
          "is a TIFF picture in " + (colours <= 10 ? "CIE L*a*b*" : "colours " + colours));
    }
    if (colours == 4 || colours == 5 && samples < 4) {
      return Optional.of(colours == 4 ? "is a TIFF mask" : "is a TIFF picture of separate inks");
    }
    if (format != 1 || bits > 16) {
      return Optional.of(
          "is a TIFF picture of " + bits + "-bit " + (format == 3 ? "fractions" : "numbers"));
    }
    if (colours == 5 && bits != 8) {
      return Optional.of("is a TIFF picture in CMYK of " + bits + " bits");
    }
    long part =
        entries.containsKey(TILE_WIDTH)
            ? first(entries, TILE_WIDTH, 0) * first(entries, TILE_HEIGHT, 0)
            : first(entries, WIDTH, 0)
                * Math.min(first(entries, HEIGHT, 0), first(entries, ROWS_PER_STRIP, 1L << 32));
    return part < 0 || part > maxPixels || samples > 8
        ? Optional.of("is a TIFF picture with parts of " + part + " pixels, of " + samples)
        : Optional.empty();
  }

  /** Where the entries of the first directory are, by their tags. */
  private Map<Integer, Integer> entries() {
    Map<Integer, Integer> entries = new TreeMap<>();
    long at = is() ? content.getInt(4) & 0xFFFFFFFFL : content.capacity();
    if (at + 2 > content.capacity()) {
      return entries;
    }
    int count = content.getShort((int) at) & 0xFFFF;
    for (int i = 0; i < count; i++) {
      long entry = at + 2 + (long) ENTRY * i;
      if (entry + ENTRY > content.capacity()) {
        break;
      }
      entries.putIfAbsent(content.getShort((int) entry) & 0xFFFF, (int) entry);
    }
    return entries;
  }

  private long first(Map<Integer, Integer> entries, int tag, long otherwise) {
    long[] values = values(entries.get(tag));
    return values.length == 0 ? otherwise : values[0];
  }

  /** Numbers of an entry of type SHORT or LONG; none of others, and of null. */
  private long[] values(Integer entry) {
    int type = entry == null ? 0 : content.getShort(entry + 2) & 0xFFFF;
    if (type != SHORT && type != LONG) {
      return new long[0];
    }
    int size = type == SHORT ? Short.BYTES : Integer.BYTES;
    long count = content.getInt(entry + 4) & 0xFFFFFFFFL;
    long at = count * size <= Integer.BYTES ? entry + 8 : content.getInt(entry + 8) & 0xFFFFFFFFL;
    if (at + count * size > content.capacity()) {
      return new long[0];
    }
    long[] values = new long[(int) count];
    for (int i = 0; i < count; i++) {
      int place = (int) at + i * size;
      values[i] =
          type == SHORT ? content.getShort(place) & 0xFFFF : content.getInt(place) & 0xFFFFFFFFL;
    }
    return values;
  }
}
