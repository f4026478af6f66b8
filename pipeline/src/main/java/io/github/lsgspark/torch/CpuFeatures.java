package io.github.lsgspark.torch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this machine's processor can do fast. */
public final class CpuFeatures {
  private static final String FLAGS = flags();

  private CpuFeatures() {}

  /** Whether there are matrix units for bfloat16 (AMX). */
  public static boolean hasBfloat16MatrixUnits() {
    return FLAGS.contains(" amx_bf16");
  }

  /** Whether vector units multiply bfloat16 pairs (AVX-512 BF16), or matrix units do. */
  public static boolean hasBfloat16Products() {
    return hasBfloat16MatrixUnits() || FLAGS.contains(" avx512_bf16");
  }

  private static String flags() {
    Path cpu = Path.of("/proc/cpuinfo");
    try {
      return Files.isReadable(cpu) ? Files.readString(cpu) : "";
    } catch (IOException e) {
      return "";
    }
  }
}
