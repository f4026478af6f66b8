package io.github.lsgspark.torch;

import io.github.lsgspark.config.TrainSettings;
import org.apache.spark.SparkConf;

/**
 * Who computes on a GPU, by Spark's properties: known before Spark runs, and the same for all tasks
 * of a kind. {@link TaskDevice} finds the card itself, inside the task.
 */
public final class GrantedGpus {
  private static final String EXECUTOR = "spark.executor.resource.gpu.amount";
  private static final String TASK = "spark.task.resource.gpu.amount";
  private static final String DRIVER = "spark.driver.resource.gpu.amount";

  private GrantedGpus() {}

  /** Whether the replicas of a training do: they ask for a card wherever executors have some. */
  public static boolean toReplicas(SparkConf conf, TrainSettings.Device wanted) {
    return granted(wanted, !isLocal(conf) && amount(conf, EXECUTOR) > 0);
  }

  /** Whether other tasks do. */
  public static boolean toTasks(SparkConf conf, TrainSettings.Device wanted) {
    return granted(wanted, !isLocal(conf) && amount(conf, EXECUTOR) > 0 && amount(conf, TASK) > 0);
  }

  /** Whether the driver does. */
  public static boolean toDriver(SparkConf conf, TrainSettings.Device wanted) {
    return granted(wanted, amount(conf, DRIVER) > 0);
  }

  /** Whether tasks run in the driver's own process, which gives them no cards. */
  public static boolean isLocal(SparkConf conf) {
    return conf.get("spark.master", "").matches("local(\\[.*])?");
  }

  private static boolean granted(TrainSettings.Device wanted, boolean there) {
    return switch (wanted) {
      case CPU -> false;
      case CUDA -> true;
      case AUTO -> there;
    };
  }

  private static double amount(SparkConf conf, String property) {
    return conf.getDouble(property, 0);
  }
}
