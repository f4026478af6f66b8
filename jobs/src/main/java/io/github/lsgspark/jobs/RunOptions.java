package io.github.lsgspark.jobs;

import io.github.lsgspark.config.ConfigText;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.jobs.submit.Submission;
import io.github.lsgspark.storage.HadoopConfigText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options that every command takes. */
final class RunOptions {
  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "What to do (HOCON). docs/settings.md has every key.")
  private String config;

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
      names = "--defaults",
      paramLabel = "FILE",
      description =
          "Settings that the configuration is laid over; may be repeated. submit/lsg gives"
              + " conf/cluster/<local, standalone, yarn or kubernetes>.conf.")
  private List<String> defaults = new ArrayList<>();

  @Option(
      names = "--overlay",
      paramLabel = "FILE",
      description = "Settings that are laid over the configuration; may be repeated.")
  private List<String> overlays = new ArrayList<>();

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

  @Option(
      names = "--deploy-mode",
      paramLabel = "MODE",
      description = "On a cluster: client, with the driver here (default), or cluster.")
  private String deployMode = "client";

  @Option(
      names = "--jar",
      paramLabel = "URI",
      description =
          "On a cluster: the program, where it lies already. Default: the one that was built, or"
              + " that of the container image.")
  private String jar = "";

  @Option(
      names = "--dry-run",
      arity = "0..1",
      paramLabel = "FORM",
      fallbackValue = "shell",
      description =
          "On a cluster: prints the call of spark-submit (shell or json), and does nothing.")
  private Submission.Format dryRun;

  @Option(
      names = "--export",
      description =
          "With run, on a cluster: brings configuration, inputs and program to the cluster's"
              + " storage and prints the calls of all stages as JSON, for a scheduler that submits"
              + " by itself (docs/airflow.md). With --dry-run nothing is brought.")
  private boolean export;

  /**
   * Those of a run on this machine.
   *
   * @param workDir empty: as the configuration is called
   * @param defaults settings that the configuration is laid over
   */
  static RunOptions local(String config, String workDir, String master, List<String> defaults) {
    RunOptions options = new RunOptions();
    options.config = config;
    options.workDir = workDir.isEmpty() ? null : workDir;
    options.master = master;
    options.defaults = List.copyOf(defaults);
    return options;
  }

  /** Sets one key of the configuration, as -D does. */
  void set(String key, String value) {
    overrides.put(key, value);
  }

  /** The configuration, checked. */
  Loaded load() {
    return SettingsLoader.load(texts(), layers(), overrides);
  }

  /** The files, each over those before it. */
  private List<String> layers() {
    List<String> layers = new ArrayList<>(defaults);
    layers.add(config);
    layers.addAll(overlays);
    return layers;
  }

  private ConfigText texts() {
    return new HadoopConfigText(new SparkLauncher(master, Map.of(), spark).hadoop());
  }

  /** Where outputs go if nothing else is said. */
  static String workDirOf(String config) {
    return "work/" + config.replaceFirst(".*/", "").replaceFirst("\\.conf$", "");
  }

  String workDir() {
    return workDir != null ? workDir : workDirOf(config);
  }

  SparkLauncher spark(Loaded loaded) {
    return new SparkLauncher(master, loaded.spark(), spark);
  }

  /**
   * These options as a request to a cluster.
   *
   * @param command they belong to
   * @param trains whether it trains, or may have to
   * @param more further arguments of the command
   * @param built the program's jar on this machine
   */
  Submission.Request request(String command, boolean trains, List<String> more, String built) {
    return new Submission.Request(
        command,
        trains,
        more,
        config,
        layers(),
        overrides,
        workDir(),
        master,
        deployMode,
        spark,
        jar,
        built,
        dryRun != null);
  }

  /** Whether the calls of all stages are asked for, and no submission. */
  boolean export() {
    return export;
  }

  /** How a dry run shows the call; without a dry run, for the launcher. */
  Submission.Format format() {
    return dryRun == null ? Submission.Format.WORDS : dryRun;
  }
}
