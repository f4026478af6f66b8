package io.github.lsgspark.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** A Spark standalone master and two workers, each with an executor in a JVM of its own. */
public final class StandaloneCluster {
  private StandaloneCluster() {}

  /**
   * Starts a cluster of two executors.
   *
   * @param home an empty folder; Spark's launcher wants a Spark home, and finds in this one that
   *     the executors' class path comes from the configuration
   */
  public static SparkSession start(Path home) throws IOException {
    return start(home, 1536);
  }

  /**
   * Starts a cluster of two executors with settings.
   *
   * @param settings of Spark besides
   */
  public static SparkSession start(Path home, Map<String, String> settings) throws IOException {
    return start(home, 1536, settings);
  }

  /**
   * Starts a cluster of two executors of a size.
   *
   * @param megabytes memory of each executor
   */
  public static SparkSession start(Path home, int megabytes) throws IOException {
    return start(home, megabytes, Map.of());
  }

  /** Like 2.13. */
  private static String scala() {
    String version = scala.util.Properties.versionNumberString();
    return version.substring(0, version.lastIndexOf('.'));
  }

  private static SparkSession start(Path home, int megabytes, Map<String, String> settings)
      throws IOException {
    LocalSpark.stop();
    Files.createDirectories(home.resolve("jars"));
    Files.createDirectories(home.resolve("launcher/target/scala-" + scala()));
    System.setProperty("spark.testing", "true");
    System.setProperty("spark.test.home", home.toString());
    try {
      SparkSession.Builder builder = SparkSession.builder();
      settings.forEach(builder::config);
      return builder
          .master("local-cluster[2,1," + megabytes + "]")
          .appName("standalone-cluster-test")
          .config("spark.executor.memory", megabytes + "m")
          .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
          .config("spark.driver.host", "127.0.0.1")
          .config("spark.driver.bindAddress", "127.0.0.1")
          .config("spark.ui.enabled", "false")
          .config("spark.sql.shuffle.partitions", "2")
          // Their defaults are true if they are first asked for while spark.testing is set, and a
          // table's rows can then be gone before toLocalIterator has brought them.
          .config("spark.sql.shuffleDependency.fileCleanup.enabled", "false")
          .config("spark.sql.classic.shuffleDependency.fileCleanup.enabled", "false")
          .getOrCreate();
    } finally {
      System.clearProperty("spark.testing");
      System.clearProperty("spark.test.home");
    }
  }

  /** The executors' processes: children of this one. */
  public static List<ProcessHandle> executors() {
    return ProcessHandle.current().descendants().filter(StandaloneCluster::isExecutor).toList();
  }

  /** ProcessHandle leaves command lines out that are longer than a page. */
  private static boolean isExecutor(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
          .contains("CoarseGrainedExecutorBackend");
    } catch (IOException e) {
      return false; // it has ended meanwhile
    }
  }
}
