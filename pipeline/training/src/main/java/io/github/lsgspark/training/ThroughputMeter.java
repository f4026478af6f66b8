package io.github.lsgspark.training;

import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.CudaDevices;
import io.github.lsgspark.torch.ProcessUsage;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** How fast the steps of this attempt are. Processor time is without that of the first step. */
final class ThroughputMeter implements TrainerListener {
  private final TrainSettings train;
  private final ComputeDevice device;
  private final int firstStep;
  private final double[] seconds;
  private final LongSupplier waitedNanos;
  private final LongSupplier exchangedNanos;
  private long processorNanosBefore;

  /**
   * @param waitedNanos for views, so far
   * @param exchangedNanos for other replicas, so far
   */
  ThroughputMeter(
      TrainSettings train,
      ComputeDevice device,
      int firstStep,
      int iterations,
      LongSupplier waitedNanos,
      LongSupplier exchangedNanos) {
    this.waitedNanos = waitedNanos;
    this.exchangedNanos = exchangedNanos;
    this.train = train;
    this.device = device;
    this.firstStep = firstStep;
    this.seconds = new double[iterations];
  }

  @Override
  public void stepped(StepReport report) {
    seconds[report.step()] = report.time().nanos() / 1e9;
    if (report.step() == firstStep) {
      processorNanosBefore = ProcessUsage.processorNanos();
    }
  }

  @Override
  public Map<String, Object> metrics(double elapsed) {
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
      metrics.put("wait_share", waitedNanos.getAsLong() / 1e9 / elapsed);
      metrics.put("all_reduce_share", exchangedNanos.getAsLong() / 1e9 / elapsed);
    }
    metrics.put("peak_memory_bytes", ProcessUsage.peakBytes());
    if (device.isCuda()) {
      metrics.put("peak_device_memory_bytes", CudaDevices.peakBytes(device));
    }
    return metrics;
  }
}
