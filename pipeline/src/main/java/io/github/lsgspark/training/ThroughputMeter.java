package io.github.lsgspark.training;

import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.torch.ProcessUsage;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** How fast the steps of this attempt are. Processor time is without that of the first step. */
final class ThroughputMeter {
  private final TrainSettings train;
  private final int firstStep;
  private final double[] seconds;
  private long processorNanosBefore;

  ThroughputMeter(TrainSettings train, int firstStep, int iterations) {
    this.train = train;
    this.firstStep = firstStep;
    this.seconds = new double[iterations];
  }

  void step(int step, long nanos) {
    seconds[step] = nanos / 1e9;
    if (step == firstStep) {
      processorNanosBefore = ProcessUsage.processorNanos();
    }
  }

  /**
   * The entries of metrics.json.
   *
   * @param waitedNanos for views
   * @param exchangedNanos for other replicas
   * @param elapsed seconds of the whole attempt
   */
  Map<String, Object> metrics(long waitedNanos, long exchangedNanos, double elapsed) {
    Map<String, Object> metrics = new LinkedHashMap<>();
    double[] sorted = Arrays.copyOfRange(seconds, firstStep, seconds.length);
    Arrays.sort(sorted);
    if (sorted.length > 1) {
      double median = sorted[sorted.length / 2];
      metrics.put("step_seconds_median", median);
      metrics.put("images_per_second", (double) train.globalBatch() * train.views() / median);
      metrics.put(
          "processor_seconds_per_step",
          (ProcessUsage.processorNanos() - processorNanosBefore) / 1e9 / (sorted.length - 1));
      metrics.put("wait_share", waitedNanos / 1e9 / elapsed);
      metrics.put("all_reduce_share", exchangedNanos / 1e9 / elapsed);
    }
    metrics.put("peak_memory_bytes", ProcessUsage.peakBytes());
    return metrics;
  }
}
