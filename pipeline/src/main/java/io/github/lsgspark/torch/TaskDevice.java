package io.github.lsgspark.torch;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.TrainSettings;
import java.util.OptionalInt;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/** The device that a Spark task computes on. */
public final class TaskDevice {
  private TaskDevice() {}

  /**
   * The GPU that the scheduler gave to the task, or the CPU.
   *
   * @throws LsgException exit 4 if a GPU is asked for or given, but cannot be used
   */
  public static ComputeDevice of(TaskContext task, TrainSettings.Device wanted) {
    ResourceInformation gpu = task.resourcesJMap().get("gpu");
    return ComputeDevice.resolve(
        wanted,
        gpu == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(gpu.addresses()[0])));
  }
}
