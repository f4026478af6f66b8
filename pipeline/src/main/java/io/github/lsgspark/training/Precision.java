package io.github.lsgspark.training;

import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.torch.ComputeDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether to compute in bfloat16. */
final class Precision {
  private static final Path CPU = Path.of("/proc/cpuinfo");

  private Precision() {}

  /** AUTO is bfloat16 on GPUs and on CPUs with matrix units for it (AMX). */
  static boolean isBfloat16(TrainSettings.Precision wanted, ComputeDevice device) {
    return switch (wanted) {
      case FLOAT32 -> false;
      case BFLOAT16 -> true;
      case AUTO -> device.isCuda() || hasMatrixUnits();
    };
  }

  private static boolean hasMatrixUnits() {
    try {
      return Files.isReadable(CPU) && Files.readString(CPU).contains(" amx_bf16");
    } catch (IOException e) {
      return false;
    }
  }
}
