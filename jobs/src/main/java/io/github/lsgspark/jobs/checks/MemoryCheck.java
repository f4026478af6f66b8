package io.github.lsgspark.jobs.checks;

import com.sun.management.OperatingSystemMXBean;
import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.TrainSettings;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;

/** Whether this machine has the memory that is certain to be needed. */
final class MemoryCheck implements Check {
  private static final double GIBIBYTE = 1L << 30;

  /** Weights, their gradients and their momentum, in float32, are there all the time. */
  private static final int BYTES_PER_PARAMETER = 3 * Float.BYTES;

  @Override
  public void run(Plan plan, Findings findings) {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long memory = system.getTotalMemorySize();
    long heap = Runtime.getRuntime().maxMemory();
    if (heap > memory) {
      findings.add(
          LsgException.ENVIRONMENT,
          String.format(
              Locale.ROOT,
              "the heap may grow to %.1f GiB, but this machine or container has %.1f GiB of memory:"
                  + " set LSG_DRIVER_MEMORY (under spark-submit spark.driver.memory) to less",
              heap / GIBIBYTE,
              memory / GIBIBYTE));
    }
    if (plan.isLocal()) {
      for (Planned planned : plan.planned()) {
        if (planned.makes().contains(Part.TRAIN)) {
          network(plan, planned.settings(), memory, findings);
        }
      }
    }
  }

  private static void network(Plan plan, Settings settings, long memory, Findings findings) {
    findings.look(
        "train.backbone",
        () ->
            PlannedNetwork.of(plan, settings)
                .ifPresent(
                    network -> {
                      try (Backbone backbone = network) {
                        require(backbone, settings.train(), memory);
                      }
                    }));
  }

  private static void require(Backbone backbone, TrainSettings train, long memory) {
    long parameters =
        backbone.parameterShapes().values().stream()
            .mapToLong(shape -> Arrays.stream(shape).reduce(1, (a, b) -> a * b))
            .sum();
    int replicas = Math.max(1, train.replicas());
    double needed = (double) parameters * BYTES_PER_PARAMETER * replicas;
    if (needed > memory) {
      throw LsgException.environment(
          String.format(
              Locale.ROOT,
              "train.replicas = %d: weights, gradients and momentum of %,d parameters each"
                  + " take %.1f GiB, but this machine or container has %.1f GiB",
              replicas,
              parameters,
              needed / GIBIBYTE,
              memory / GIBIBYTE),
          null);
    }
  }
}
