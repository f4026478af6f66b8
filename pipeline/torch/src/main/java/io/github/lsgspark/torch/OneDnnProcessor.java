package io.github.lsgspark.torch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;

/**
 * What oneDNN, inside libtorch, believes of the processor: an object of its class {@code
 * Xbyak::util::Cpu}. On AMD's processors it asks the instruction cpuid (leaf 0x8000001D) for three
 * levels of caches and never looks whether there was an answer; where the hypervisor gives none, a
 * cache has one byte. With no levels at all it would take sizes of its own: 32 KiB, 512 KiB, 1 MiB.
 *
 * <p>The object is found by its name in the library's symbol table, and is changed only if it looks
 * exactly as it does then.
 */
final class OneDnnProcessor {
  private static final String LIBRARY = "/libtorch_cpu.so";

  /** Sizes in bytes, such as 49152,1048576, that benchmarks have taken instead of oneDNN's own. */
  private static final String SIZES_PROPERTY = "lsg.caches";

  private static final String SYMBOL = "_ZZN4dnnl4impl3cpu3x643cpuEvE4cpu_";

  /** Of the object and its fields: sizes of caches, cores that share each, levels. */
  private static final int OBJECT_BYTES = 144;

  private static final int SIZES = 0x1c;
  private static final int SHARING = 0x44;
  private static final int LEVELS = 0x6c;
  private static final int AMD_LEVELS = 3;
  private static final int MAX_LEVELS = 10;

  /** ELF64: header, section headers and symbols. */
  private static final int ELF_MAGIC = 0x464c457f;

  private static final int HEADER_BYTES = 64;
  private static final int SYMBOL_BYTES = 24;
  private static final int SYMBOL_TABLE = 2;

  private OneDnnProcessor() {}

  /** Memory of this process. */
  private static final class Memory extends BytePointer {
    Memory(long address, long bytes) {
      super((Pointer) null);
      this.address = address;
      this.limit = bytes;
      this.capacity = bytes;
    }
  }

  /**
   * Lets oneDNN take its own sizes of caches if it believes that a cache has one byte. To be called
   * before any convolution.
   *
   * @return whether it now does
   */
  static synchronized boolean assumeCaches() {
    askProcessor();
    Optional<ByteBuffer> object;
    try {
      object = find();
    } catch (IOException | RuntimeException e) {
      // What is not found cannot be changed; the caller takes another way.
      return false;
    }
    if (object.isEmpty() || !hidesCaches(object.get())) {
      return false;
    }
    String sizes = System.getProperty(SIZES_PROPERTY, "");
    int levels = 0;
    for (String size : sizes.isEmpty() ? new String[0] : sizes.split(",")) {
      object.get().putInt(SIZES + Integer.BYTES * levels++, Integer.parseInt(size));
    }
    object.get().putInt(LEVELS, levels);
    return true;
  }

  /** oneDNN makes the object at its first work: a change of layout, which plans nothing. */
  private static void askProcessor() {
    try (TensorScope scope = new TensorScope()) {
      Tensor unused = Tensors.zeros(Dtype.FLOAT32, ComputeDevice.cpu(), 1, 16, 2, 2).to_mkldnn();
    }
  }

  /** Three levels of one byte that no cores share, then nothing. */
  private static boolean hidesCaches(ByteBuffer object) {
    if (object.getInt(LEVELS) != AMD_LEVELS) {
      return false;
    }
    for (int level = 0; level < MAX_LEVELS; level++) {
      int expected = level < AMD_LEVELS ? 1 : 0;
      if (object.getInt(SIZES + Integer.BYTES * level) != expected
          || object.getInt(SHARING + Integer.BYTES * level) != expected) {
        return false;
      }
    }
    return true;
  }

  private static Optional<ByteBuffer> find() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
      // address-end permissions offset device inode path: the first part lies at offset 0.
      String[] words = line.split("\\s+", 6);
      if (words.length == 6
          && words[5].endsWith(LIBRARY)
          && Long.parseUnsignedLong(words[2], 16) == 0) {
        long base = Long.parseUnsignedLong(words[0].split("-")[0], 16);
        return offset(Path.of(words[5]))
            .map(
                offset ->
                    new Memory(base + offset, OBJECT_BYTES)
                        .asByteBuffer()
                        .order(ByteOrder.LITTLE_ENDIAN));
      }
    }
    return Optional.empty();
  }

  /** Where the library holds the object, from its start in memory. */
  private static Optional<Long> offset(Path library) throws IOException {
    try (FileChannel file = FileChannel.open(library)) {
      ByteBuffer header = part(file, 0, HEADER_BYTES);
      if (header.getInt(0) != ELF_MAGIC) {
        return Optional.empty();
      }
      int sections = Short.toUnsignedInt(header.getShort(0x3c));
      ByteBuffer table = part(file, header.getLong(0x28), (long) sections * HEADER_BYTES);
      for (int i = 0; i < sections; i++) {
        int section = i * HEADER_BYTES;
        if (table.getInt(section + 4) == SYMBOL_TABLE) {
          int names = table.getInt(section + 0x28) * HEADER_BYTES;
          return symbol(
              part(file, table.getLong(section + 0x18), table.getLong(section + 0x20)),
              part(file, table.getLong(names + 0x18), table.getLong(names + 0x20)));
        }
      }
      return Optional.empty();
    }
  }

  private static Optional<Long> symbol(ByteBuffer symbols, ByteBuffer names) {
    ByteBuffer wanted = ByteBuffer.wrap((SYMBOL + '\0').getBytes(StandardCharsets.US_ASCII));
    for (int at = 0; at + SYMBOL_BYTES <= symbols.limit(); at += SYMBOL_BYTES) {
      int name = symbols.getInt(at);
      if (symbols.getLong(at + 16) == OBJECT_BYTES
          && name >= 0
          && name + wanted.limit() <= names.limit()
          && names.slice(name, wanted.limit()).equals(wanted)) {
        return Optional.of(symbols.getLong(at + 8));
      }
    }
    return Optional.empty();
  }

  private static ByteBuffer part(FileChannel file, long start, long bytes) throws IOException {
    return file.map(FileChannel.MapMode.READ_ONLY, start, bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
