package io.github.lsgspark.torch;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.TrainSettings;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceInformation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The device that a Spark task, or the driver, computes on. On a cluster that is a GPU only if
 * Spark gave it one: another program's task may have the first card. In local mode there is no one
 * else, and a GPU that is asked for is the first that this process sees.
 */
public final class TaskDevice {
  private static final Logger LOG = LoggerFactory.getLogger(TaskDevice.class);

  /** What Spark calls the executor of local mode. */
  private static final String DRIVER = "driver";

  private static final AtomicBoolean TOLD = new AtomicBoolean();

  private TaskDevice() {}

  /**
   * The GPU that the scheduler gave to the task, or the CPU.
   *
   * @throws LsgException exit 4 if a GPU is asked for or given, but cannot be used
   */
  public static ComputeDevice of(TaskContext task, TrainSettings.Device wanted) {
    boolean local = SparkEnv.get() == null || DRIVER.equals(SparkEnv.get().executorId());
    return resolve(wanted, task.resourcesJMap(), "train.device", local);
  }

  /**
   * The GPU that Spark gave to the driver, or the CPU.
   *
   * @param key where {@code wanted} comes from, for the error
   * @throws LsgException exit 4 if a GPU is asked for or given, but cannot be used
   */
  public static ComputeDevice onDriver(
      SparkContext spark, TrainSettings.Device wanted, String key) {
    return resolve(
        wanted, JavaSparkContext.fromSparkContext(spark).resources(), key, spark.isLocal());
  }

  /**
   * @param local whether all of Spark is this process
   */
  static ComputeDevice resolve(
      TrainSettings.Device wanted,
      Map<String, ResourceInformation> resources,
      String key,
      boolean local) {
    ResourceInformation gpu = resources.get("gpu");
    if (gpu != null && gpu.addresses().length > 0) {
      return ComputeDevice.resolve(wanted, OptionalInt.of(ordinal(gpu.addresses()[0])), key);
    }
    if (wanted == TrainSettings.Device.CUDA && !local) {
      throw LsgException.environment(
          key
              + " = cuda was asked for, but Spark gave no GPU to this "
              + (key.startsWith("gcn.")
                  ? "driver: set spark.driver.resource.gpu.amount and its discovery script"
                  : "task: set cluster.gpus-per-executor")
              + ", or "
              + key
              + " = cpu (docs/gpu.md)",
          null);
    }
    if (wanted == TrainSettings.Device.AUTO
        && NativeTorch.cudaAvailable()
        && TOLD.compareAndSet(false, true)) {
      LOG.info(
          "computes on the CPU: this process sees a GPU, but Spark gave it none"
              + (local
                  ? " ({} = cuda takes the first)"
                  : " (cluster.gpus-per-executor asks for it)"),
          key);
    }
    return ComputeDevice.resolve(wanted, OptionalInt.empty(), key);
  }

  /** Among those that this process sees. */
  private static int ordinal(String address) {
    try {
      int ordinal = Integer.parseInt(address.strip());
      if (ordinal >= 0) {
        return ordinal;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw LsgException.environment(
        "the scheduler gave GPU \""
            + address
            + "\", which is no number: the discovery script must print the places among the GPUs"
            + " that the process sees (0, 1, ...), as submit/gpu-discovery.sh does",
        null);
  }
}
