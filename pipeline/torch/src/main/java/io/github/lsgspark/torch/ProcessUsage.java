package io.github.lsgspark.torch;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process takes, tensors included, as the operating system counts it. */
public final class ProcessUsage {
  private static final Path STATUS = Path.of("/proc/self/status");

  private ProcessUsage() {}

  /** Largest resident size so far in bytes; 0 where it cannot be told. */
  public static long peakBytes() {
    return read("VmHWM:");
  }

  /** Present resident size in bytes; 0 where it cannot be told. */
  public static long residentBytes() {
    return read("VmRSS:");
  }

  /** Processor time of all threads so far in nanoseconds; 0 where it cannot be told. */
  public static long processorNanos() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? Math.max(0, system.getProcessCpuTime())
        : 0;
  }

  private static long read(String field) {
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith(field)) {
          return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
    } catch (IOException e) {
      return 0;
    }
    return 0;
  }
}
