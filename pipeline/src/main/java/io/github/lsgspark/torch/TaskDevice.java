package io.github.lsgspark.torch;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.TrainSettings;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceInformation;

/** The device that a Spark task, or the driver, computes on. */
public final class TaskDevice {
  private TaskDevice() {}

  /**
   * The GPU that the scheduler gave to the task, or the CPU.
   *
   * @throws LsgException exit 4 if a GPU is asked for or given, but cannot be used
   */
  public static ComputeDevice of(TaskContext task, TrainSettings.Device wanted) {
    return resolve(wanted, task.resourcesJMap(), "train.device");
  }

  /**
   * The GPU that Spark gave to the driver, or the CPU.
   *
   * @param key where {@code wanted} comes from, for the error
   * @throws LsgException exit 4 if a GPU is asked for or given, but cannot be used
   */
  public static ComputeDevice onDriver(
      SparkContext spark, TrainSettings.Device wanted, String key) {
    return resolve(wanted, JavaSparkContext.fromSparkContext(spark).resources(), key);
  }

  private static ComputeDevice resolve(
      TrainSettings.Device wanted, Map<String, ResourceInformation> resources, String key) {
    ResourceInformation gpu = resources.get("gpu");
    return ComputeDevice.resolve(
        wanted,
        gpu == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(gpu.addresses()[0])),
        key);
  }
}
