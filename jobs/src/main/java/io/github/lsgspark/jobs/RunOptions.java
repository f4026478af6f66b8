package io.github.lsgspark.jobs;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options that every command takes. */
final class RunOptions {
  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "What to do (HOCON). Every key is documented in reference.conf.")
  private Path config;

  @Option(
      names = "--work-dir",
      paramLabel = "DIR",
      description =
          "Where outputs go: a folder or any Hadoop file system."
              + " Default: work/<name of the configuration>.")
  private String workDir;

  @Option(
      names = "--master",
      paramLabel = "URL",
      description =
          "Spark master: local[N] (default: local[*]), spark://host:port, yarn or k8s://...")
  private String master;

  @Option(
      names = "-D",
      paramLabel = "key=value",
      description = "Sets one key of the configuration; may be repeated.")
  private Map<String, String> overrides = new LinkedHashMap<>();

  @Option(
      names = "--conf",
      paramLabel = "spark.key=value",
      description = "Sets one key of Spark; may be repeated.")
  private Map<String, String> spark = new LinkedHashMap<>();

  Path config() {
    return config;
  }

  String workDir() {
    return workDir != null
        ? workDir
        : "work/" + config.getFileName().toString().replaceFirst("\\.conf$", "");
  }

  Map<String, String> overrides() {
    return overrides;
  }

  SparkLauncher spark() {
    return new SparkLauncher(master, spark);
  }
}
