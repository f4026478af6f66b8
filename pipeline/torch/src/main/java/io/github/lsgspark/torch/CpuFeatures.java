package io.github.lsgspark.torch;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What this machine's processor can do fast, and what it tells of itself. */
public final class CpuFeatures {
  private static final String INFO = read(Path.of("/proc/cpuinfo"));
  private static final Path CACHES = Path.of("/sys/devices/system/cpu/cpu0/cache");

  /** What tells processors apart, as the kernel names it. */
  private static final List<String> IDENTITY =
      List.of("vendor_id", "cpu family", "model", "model name", "stepping", "cache size", "flags");

  private CpuFeatures() {}

  /** Whether there are matrix units for bfloat16 (AMX). */
  public static boolean hasBfloat16MatrixUnits() {
    return INFO.contains(" amx_bf16");
  }

  /** Whether vector units multiply bfloat16 pairs (AVX-512 BF16), or matrix units do. */
  public static boolean hasBfloat16Products() {
    return hasBfloat16MatrixUnits() || INFO.contains(" avx512_bf16");
  }

  /** Its model and features, one a line; empty where the kernel does not tell. */
  static String identity() {
    return INFO.lines()
        .takeWhile(line -> !line.isBlank())
        .filter(line -> IDENTITY.contains(line.split(":", 2)[0].trim()))
        .collect(Collectors.joining("\n"));
  }

  /** The model's name and the number of processors, for benchmarks and {@code lsg doctor}. */
  public static String description() {
    String name =
        INFO.lines()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.split(":", 2)[1].trim())
            .findFirst()
            .orElse("unknown processor");
    return name
        + ", "
        + Runtime.getRuntime().availableProcessors()
        + " cores"
        + (INFO.contains(" amx_bf16") ? ", AMX" : INFO.contains(" avx512f") ? ", AVX-512" : "")
        + (showsCaches() ? "" : ", caches hidden");
  }

  /**
   * Whether it tells the sizes of its caches of level 1 and 2. Linux and oneDNN ask it by the same
   * instruction. Where there is no Linux nobody knows, and it counts as telling.
   */
  static boolean showsCaches() {
    return INFO.isEmpty() || levels(CACHES).containsAll(Set.of("1", "2"));
  }

  /** Levels of the caches of data that a folder of the kernel's describes with their sizes. */
  static Set<String> levels(Path folder) {
    Set<String> levels = new HashSet<>();
    try (DirectoryStream<Path> caches = Files.newDirectoryStream(folder, "index*")) {
      for (Path cache : caches) {
        String size = read(cache.resolve("size")).trim();
        if (!read(cache.resolve("type")).startsWith("Instruction") && size.matches("[1-9].*")) {
          levels.add(read(cache.resolve("level")).trim());
        }
      }
    } catch (IOException e) {
      // The kernel has no such folder: it was told of no caches.
    }
    return levels;
  }

  private static String read(Path file) {
    try {
      return Files.isReadable(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      return "";
    }
  }
}
