package io.github.lsgspark.jobs.gpucheck;

import java.util.Map;
import java.util.Optional;

/** Whether the driver is new enough for the CUDA that libtorch was built with. */
final class DriverCheck {
  private static final String CHECK = "driver";

  /** The oldest branch of the driver for each CUDA, by NVIDIA's table of compatibility. */
  private static final Map<Integer, Integer> OLDEST = Map.of(11, 450, 12, 525, 13, 580);

  private DriverCheck() {}

  /**
   * @param version such as 580.65.06; empty where there is no driver
   * @param cuda that libtorch was built with
   * @param seen whether libtorch sees a card all the same: NVIDIA's package for older drivers
   *     (cuda-compat) makes that possible
   */
  static CheckRow row(Optional<String> version, int cuda, boolean seen) {
    int oldest = OLDEST.getOrDefault(cuda, 0);
    if (version.isEmpty()) {
      return seen
          ? CheckRow.passed(CHECK, "of unknown version, but libtorch sees a card")
          : CheckRow.failed(
              CHECK,
              "there is no NVIDIA driver, or it is not shown to this process: CUDA %d needs %d or newer"
                  .formatted(cuda, oldest));
    }
    int branch = Integer.parseInt(version.get().split("\\.")[0]);
    if (branch >= oldest) {
      return CheckRow.passed(CHECK, version.get());
    }
    return seen
        ? CheckRow.passed(
            CHECK,
            "%s is older than the %d of CUDA %d, but libtorch sees a card (cuda-compat)"
                .formatted(version.get(), oldest, cuda))
        : CheckRow.failed(
            CHECK,
            "%s is too old: CUDA %d needs %d or newer".formatted(version.get(), cuda, oldest));
  }
}
