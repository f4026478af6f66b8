package io.github.lsgspark.jobs.gpucheck;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a shared library of 64-bit Linux says of itself to the loader.
 *
 * @param needed names of the libraries that it is linked to
 * @param runPath where it looks for them first; $ORIGIN is its own folder
 * @param defined functions and variables that others may take from it
 * @param wanted those that it takes from others, without which it does not work
 */
record ElfFile(
    Path path, List<String> needed, List<String> runPath, Set<String> defined, Set<String> wanted) {

  private static final int MAGIC = 0x464c457f;
  private static final int CLASS_64_LITTLE_ENDIAN = 0x0102;

  private static final int HEADER_BYTES = 64;
  private static final int SECTION_TABLE = 0x28;
  private static final int SECTION_COUNT = 0x3c;

  /** Of a section's header: its kind, its place and length, and the section of its names. */
  private static final int KIND = 0x04;

  private static final int OFFSET = 0x18;
  private static final int LENGTH = 0x20;
  private static final int LINK = 0x28;
  private static final int DYNAMIC = 6;
  private static final int DYNAMIC_SYMBOLS = 11;

  private static final int ENTRY_BYTES = 16;
  private static final int NEEDED = 1;
  private static final int RPATH = 15;
  private static final int RUNPATH = 29;

  private static final int SYMBOL_BYTES = 24;
  private static final int GLOBAL = 1;

  /**
   * Reads a file.
   *
   * @throws IOException if it is no such library
   */
  static ElfFile read(Path path) throws IOException {
    try (FileChannel file = FileChannel.open(path)) {
      return new Reader(path, file).read();
    } catch (IndexOutOfBoundsException | IllegalArgumentException | NegativeArraySizeException e) {
      throw new IOException(path + " is cut off or damaged", e);
    }
  }

  private static final class Reader {
    private final Path path;
    private final FileChannel file;
    private final List<String> needed = new ArrayList<>();
    private final List<String> runPath = new ArrayList<>();
    private final Set<String> defined = new HashSet<>();
    private final Set<String> wanted = new HashSet<>();

    Reader(Path path, FileChannel file) {
      this.path = path;
      this.file = file;
    }

    ElfFile read() throws IOException {
      ByteBuffer header = file.size() < HEADER_BYTES ? null : part(0, HEADER_BYTES);
      if (header == null
          || header.getInt(0) != MAGIC
          || header.getShort(4) != CLASS_64_LITTLE_ENDIAN) {
        throw new IOException(path + " is no library for this processor");
      }
      int sections = Short.toUnsignedInt(header.getShort(SECTION_COUNT));
      ByteBuffer table = part(header.getLong(SECTION_TABLE), (long) sections * HEADER_BYTES);
      for (int i = 0; i < sections; i++) {
        int section = i * HEADER_BYTES;
        int kind = table.getInt(section + KIND);
        if (kind == DYNAMIC || kind == DYNAMIC_SYMBOLS) {
          ByteBuffer content = section(table, section);
          ByteBuffer names = section(table, table.getInt(section + LINK) * HEADER_BYTES);
          if (kind == DYNAMIC) {
            dynamic(content, names);
          } else {
            symbols(content, names);
          }
        }
      }
      return new ElfFile(path, needed, runPath, defined, wanted);
    }

    private ByteBuffer section(ByteBuffer table, int section) throws IOException {
      return part(table.getLong(section + OFFSET), table.getLong(section + LENGTH));
    }

    private ByteBuffer part(long start, long bytes) throws IOException {
      if (start < 0 || bytes < 0 || start + bytes > file.size()) {
        throw new IOException(path + " is cut off");
      }
      return file.map(FileChannel.MapMode.READ_ONLY, start, bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void dynamic(ByteBuffer content, ByteBuffer names) {
      for (int at = 0; at + ENTRY_BYTES <= content.limit(); at += ENTRY_BYTES) {
        long tag = content.getLong(at);
        int value = (int) content.getLong(at + Long.BYTES);
        if (tag == NEEDED) {
          needed.add(text(names, value));
        } else if (tag == RUNPATH || tag == RPATH) {
          String origin = String.valueOf(path.toAbsolutePath().getParent());
          for (String folder : text(names, value).split(":")) {
            runPath.add(folder.replace("$ORIGIN", origin).replace("${ORIGIN}", origin));
          }
        }
      }
    }

    private void symbols(ByteBuffer content, ByteBuffer names) {
      for (int at = SYMBOL_BYTES; at + SYMBOL_BYTES <= content.limit(); at += SYMBOL_BYTES) {
        int binding = (content.get(at + 4) & 0xff) >> 4;
        boolean here = content.getShort(at + 6) != 0;
        if (here) {
          defined.add(text(names, content.getInt(at)));
        } else if (binding == GLOBAL) {
          wanted.add(text(names, content.getInt(at)));
        }
      }
    }

    private static String text(ByteBuffer names, int start) {
      int end = start;
      while (names.get(end) != 0) {
        end++;
      }
      byte[] bytes = new byte[end - start];
      names.get(start, bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
