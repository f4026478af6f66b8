package io.github.lsgspark.submit;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** The mini cluster of submit/yarn, in its own process. */
final class YarnCluster implements AutoCloseable {
  static final String SPARK_HOME =
      Shell.HOME.resolve(System.getProperty("lsg.spark.home")).toString();

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Path folder;
  private final Process process;

  private YarnCluster(Path folder, Process process) {
    this.folder = folder;
    this.process = process;
  }

  static YarnCluster start(Path folder) throws Exception {
    Files.createDirectories(folder);
    Path out = folder.resolve("out.txt");
    Path log = folder.resolve("log.txt");
    Process process =
        Shell.start(
            Map.of(),
            out,
            log,
            Shell.HOME.resolve("submit/yarn/mini-cluster").toString(),
            folder.toString());
    YarnCluster cluster = new YarnCluster(folder, process);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.readString(out).contains("ready")) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        cluster.close();
        throw new IllegalStateException("the mini cluster did not start: " + Files.readString(log));
      }
      Thread.sleep(200);
    }
    return cluster;
  }

  /** What the launcher needs to find the cluster. */
  Map<String, String> environment() {
    return Map.of("HADOOP_CONF_DIR", folder.resolve("conf").toString(), "SPARK_HOME", SPARK_HOME);
  }

  FileSystem hdfs() throws Exception {
    Configuration configuration = new Configuration();
    for (String file : new String[] {"core-site.xml", "hdfs-site.xml"}) {
      configuration.addResource(folder.resolve("conf").resolve(file).toUri().toURL());
    }
    return FileSystem.get(configuration);
  }

  String read(String path) throws Exception {
    try (InputStream in = hdfs().open(new org.apache.hadoop.fs.Path(path))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Stops one of the two DataNodes, for good. */
  void stopDataNode() throws Exception {
    process.getOutputStream().write("stop a DataNode\n".getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
    while (!Files.readString(folder.resolve("out.txt")).contains("stopped a DataNode")) {
      Thread.sleep(100);
    }
  }

  /** Kills (SIGKILL) one of the containers' JVMs whose command line names a class. */
  void kill(String mainClass) throws Exception {
    for (ProcessHandle container : process.descendants().toList()) {
      Path line = Path.of("/proc/" + container.pid() + "/cmdline");
      // The shell that starts a JVM names its class as well.
      if (container.info().command().orElse("").endsWith("java")
          && Files.exists(line)
          && Files.readString(line).contains(mainClass)) {
        container.destroyForcibly();
        return;
      }
    }
    throw new IllegalStateException("no container runs " + mainClass);
  }

  @Override
  public void close() throws Exception {
    process.getOutputStream().close();
    if (!process.waitFor(1, TimeUnit.MINUTES)) {
      process.destroy();
    }
  }
}
