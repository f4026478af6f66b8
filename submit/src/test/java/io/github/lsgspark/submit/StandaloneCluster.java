package io.github.lsgspark.submit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spark's own master and workers, each in a process of its own, on the loopback address. */
final class StandaloneCluster implements AutoCloseable {
  private static final Pattern MASTER = Pattern.compile("Starting Spark master at (spark://\\S+)");
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Like 2.13. */
  static final String SCALA =
      scala.util.Properties.versionNumberString().replaceFirst("\\.[^.]*$", "");

  /** Workers ask for Scala's version where there is no installation to read it from. */
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "SPARK_HOME",
          YarnCluster.SPARK_HOME,
          "SPARK_SCALA_VERSION",
          SCALA,
          "SPARK_LOCAL_IP",
          "127.0.0.1");

  private final Path folder;
  private final List<Process> processes = new ArrayList<>();
  private String master;

  private StandaloneCluster(Path folder) {
    this.folder = folder;
  }

  static StandaloneCluster start(Path folder, int workers) throws Exception {
    StandaloneCluster cluster = new StandaloneCluster(Files.createDirectories(folder));
    cluster.master = cluster.daemon("master", MASTER, "org.apache.spark.deploy.master.Master");
    for (int i = 0; i < workers; i++) {
      cluster.daemon(
          "worker-" + i,
          Pattern.compile("Successfully (registered) with master"),
          "org.apache.spark.deploy.worker.Worker",
          "--cores",
          "1",
          "--memory",
          "3g",
          "--work-dir",
          folder.resolve("work-" + i).toString(),
          cluster.master);
    }
    return cluster;
  }

  private String daemon(String name, Pattern ready, String mainClass, String... arguments)
      throws Exception {
    Path log = folder.resolve(name + ".log");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                YarnCluster.SPARK_HOME + "/jars/*",
                mainClass,
                "--host",
                "127.0.0.1",
                "--port",
                "0",
                "--webui-port",
                "0"));
    command.addAll(List.of(arguments));
    Process process =
        Shell.start(
            ENVIRONMENT, folder.resolve(name + ".out"), log, command.toArray(String[]::new));
    processes.add(process);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Matcher matcher = ready.matcher(Files.readString(log));
      if (matcher.find()) {
        return matcher.group(1);
      }
      if (!process.isAlive() || System.nanoTime() > deadline) {
        close();
        throw new IllegalStateException(name + " did not start: " + Files.readString(log));
      }
      Thread.sleep(200);
    }
  }

  String master() {
    return master;
  }

  @Override
  public void close() throws Exception {
    for (Process process : processes) {
      process.destroy();
    }
    for (Process process : processes) {
      process.waitFor();
    }
  }
}
