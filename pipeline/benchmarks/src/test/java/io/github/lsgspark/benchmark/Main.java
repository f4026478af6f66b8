package io.github.lsgspark.benchmark;

import io.github.lsgspark.torch.CpuFeatures;
import java.io.IOException;
import java.util.Objects;

/** JMH's own program, which says first on which processor it runs. */
public final class Main {
  private Main() {}

  /**
   * Names the processor, and runs the benchmarks.
   *
   * @param arguments as JMH's
   */
  public static void main(String[] arguments) throws IOException {
    System.out.println("# Processor: " + CpuFeatures.description());
    System.out.println(
        "# OpenBLAS kernels: "
            + Objects.requireNonNullElse(System.getenv("OPENBLAS_CORETYPE"), "its own choice"));
    org.openjdk.jmh.Main.main(arguments);
  }
}
