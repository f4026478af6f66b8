package io.github.lsgspark.jobs.gpucheck;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes shared libraries that have a name table, links and symbols, and no code. */
final class TinyElf {
  private static final int HEADER = 64;
  private static final int SECTIONS = 4;

  private final ByteArrayOutputStream names = new ByteArrayOutputStream();
  private final List<long[]> links = new ArrayList<>();
  private final List<int[]> symbols = new ArrayList<>();

  TinyElf() {
    names.write(0);
  }

  TinyElf needs(String... libraries) {
    for (String library : libraries) {
      links.add(new long[] {1, name(library)});
    }
    return this;
  }

  TinyElf looksIn(String folders) {
    links.add(new long[] {29, name(folders)});
    return this;
  }

  TinyElf has(String... functions) {
    for (String function : functions) {
      symbols.add(new int[] {name(function), 1, 7});
    }
    return this;
  }

  TinyElf calls(String... functions) {
    for (String function : functions) {
      symbols.add(new int[] {name(function), 1, 0});
    }
    return this;
  }

  TinyElf callsIfThere(String function) {
    symbols.add(new int[] {name(function), 2, 0});
    return this;
  }

  private int name(String text) {
    int place = names.size();
    names.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    names.write(0);
    return place;
  }

  Path write(Path file) throws IOException {
    ByteBuffer dynamic = buffer(16 * (links.size() + 1));
    links.forEach(link -> dynamic.putLong(link[0]).putLong(link[1]));
    ByteBuffer table = buffer(24 * (symbols.size() + 1));
    table.position(24);
    for (int[] symbol : symbols) {
      table.putInt(symbol[0]).put((byte) (symbol[1] << 4 | 2)).put((byte) 0);
      table.putShort((short) symbol[2]).putLong(0).putLong(0);
    }
    int text = HEADER;
    int links = text + names.size();
    int functions = links + dynamic.capacity();
    int sections = functions + table.capacity();
    ByteBuffer all = buffer(sections + SECTIONS * HEADER);
    all.putInt(0x464c457f).put((byte) 2).put((byte) 1);
    all.putLong(0x28, sections).putShort(0x3c, (short) SECTIONS);
    all.put(text, names.toByteArray());
    all.put(links, dynamic.array());
    all.put(functions, table.array());
    section(all, sections + HEADER, 3, text, names.size());
    section(all, sections + 2 * HEADER, 6, links, dynamic.capacity());
    section(all, sections + 3 * HEADER, 11, functions, table.capacity());
    return Files.write(file, all.array());
  }

  private static void section(ByteBuffer all, int at, int kind, int offset, int length) {
    all.putInt(at + 0x04, kind).putLong(at + 0x18, offset).putLong(at + 0x20, length);
    all.putInt(at + 0x28, 1);
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
