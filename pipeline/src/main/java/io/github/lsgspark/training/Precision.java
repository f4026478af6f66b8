package io.github.lsgspark.training;

import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.CpuFeatures;

/** Whether to compute in bfloat16. */
final class Precision {
  private Precision() {}

  /** AUTO is bfloat16 on GPUs and on CPUs with matrix units for it (AMX). */
  static boolean isBfloat16(TrainSettings.Precision wanted, ComputeDevice device) {
    return switch (wanted) {
      case FLOAT32 -> false;
      case BFLOAT16 -> true;
      case AUTO -> device.isCuda() || CpuFeatures.hasBfloat16MatrixUnits();
    };
  }
}
