package io.github.lsgspark.jobs.submit;

import io.github.lsgspark.config.LsgException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Spark's properties for a run on a cluster, made of what the run needs; what the user sets stands.
 */
final class ClusterProperties {
  /** Where the images of submit/docker keep what the launcher ships elsewhere. */
  static final String IMAGE_HOME = "/opt/lsg";

  /** See {@link io.github.lsgspark.config.SystemBlas}. */
  private static final String NO_SYSTEM_BLAS =
      "-Ddev.ludovic.netlib.blas.nativeLib=none -Ddev.ludovic.netlib.lapack.nativeLib=none"
          + " -Ddev.ludovic.netlib.arpack.nativeLib=none";

  static final String DISCOVERY_SCRIPT = "gpu-discovery.sh";
  static final String LOGGING = "log4j2.properties";

  /**
   * Settings of native libraries, from the launcher's environment: they must be there before a
   * process starts.
   */
  private static final List<String> NATIVE =
      List.of(
          "GOMP_SPINCOUNT",
          "OPENBLAS_NUM_THREADS",
          "OPENBLAS_CORETYPE",
          "THP_MEM_ALLOC_ENABLE",
          "MALLOC_ARENA_MAX",
          "MALLOC_MMAP_THRESHOLD_",
          "MALLOC_TRIM_THRESHOLD_");

  private static final String PLAIN =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-";

  private static final String UTF8_LOCALE = "C.UTF-8";

  private final ClusterKind kind;
  private final boolean clusterMode;
  private final SortedMap<String, String> properties = new TreeMap<>();

  /**
   * @param given what configuration and command line set
   * @param clusterMode whether the driver runs on the cluster
   */
  ClusterProperties(ClusterKind kind, boolean clusterMode, Map<String, String> given) {
    this.kind = kind;
    this.clusterMode = clusterMode;
    properties.putAll(given);
  }

  /** All of them. */
  SortedMap<String, String> all() {
    return properties;
  }

  /**
   * Gives every process the native libraries' settings, and a locale in whose encoding Java can
   * read all names of files: the one that every system has.
   */
  ClusterProperties environment(Map<String, String> environment) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("LC_ALL", UTF8_LOCALE);
    for (String name : NATIVE) {
      if (environment.containsKey(name)) {
        settings.put(name, environment.get(name));
      }
    }
    settings.forEach((name, value) -> missing("spark.executorEnv." + name, value));
    if (clusterMode && kind == ClusterKind.YARN) {
      settings.forEach((name, value) -> missing("spark.yarn.appMasterEnv." + name, value));
    }
    if (clusterMode && kind == ClusterKind.KUBERNETES) {
      settings.forEach((name, value) -> missing("spark.kubernetes.driverEnv." + name, value));
    }
    return this;
  }

  /**
   * Asks for GPUs: all of an executor for the replicas of a training, and a share for each other
   * task, so that an executor still runs as many tasks as it has cores.
   */
  ClusterProperties gpus(int perExecutor) {
    if (perExecutor == 0) {
      return this;
    }
    missing("spark.executor.resource.gpu.amount", Integer.toString(perExecutor));
    int cores = Integer.parseInt(properties.getOrDefault("spark.executor.cores", "1"));
    int sharing = Math.max(1, (cores + perExecutor - 1) / perExecutor);
    // Rounded down: Spark takes the whole part of the inverse.
    missing(
        "spark.task.resource.gpu.amount",
        sharing == 1 ? "1" : String.format(Locale.ROOT, "%.6f", Math.floor(1e6 / sharing) / 1e6));
    switch (kind) {
      case YARN -> missing("spark.executor.resource.gpu.discoveryScript", "./" + DISCOVERY_SCRIPT);
      case KUBERNETES -> {
        missing("spark.executor.resource.gpu.vendor", "nvidia.com");
        missing(
            "spark.executor.resource.gpu.discoveryScript", IMAGE_HOME + "/bin/" + DISCOVERY_SCRIPT);
      }
      default -> {
        // A worker of a standalone cluster tells its executors which GPUs are theirs.
      }
    }
    return this;
  }

  /**
   * Fixes the number of executors.
   *
   * @return the reason, for the person who submits
   * @throws LsgException exit 2 if dynamic allocation was asked for
   */
  String fixExecutors() {
    String key = "spark.dynamicAllocation.enabled";
    String reason =
        "the replicas of a training run all at once (a barrier stage), so the number of executors"
            + " is fixed by spark.executor.instances";
    if (Boolean.parseBoolean(properties.get(key))) {
      throw LsgException.usage(key + " = true: " + reason);
    }
    properties.put(key, "false");
    return "dynamic allocation is off: " + reason;
  }

  /**
   * Points the log of the driver, and that of executors, to its format.
   *
   * @param javaOptions further ones of the driver
   * @param format console or json, as the properties of logging name them
   */
  ClusterProperties logging(String home, String javaOptions, String format) {
    String formatted = NO_SYSTEM_BLAS + (format.equals("console") ? "" : " -Dlsg.log=" + format);
    String place =
        switch (kind) {
          case KUBERNETES -> clusterMode ? IMAGE_HOME + "/conf/" + LOGGING : null;
          case YARN -> clusterMode ? LOGGING : null;
          default -> null;
        };
    if (place == null) {
      place = home + "/conf/logging/" + LOGGING;
    }
    before(
        "spark.driver.extraJavaOptions",
        "-Dlog4j2.configurationFile="
            + address(place)
            + " -Djava.awt.headless=true "
            + formatted
            + " "
            + javaOptions);
    before("spark.executor.extraJavaOptions", formatted);
    return this;
  }

  /**
   * The address of a file, for Java options: they go through Spark's own parser and the shells of
   * clusters, so no character is left that one of these reads.
   */
  static String address(String path) {
    StringBuilder address = new StringBuilder("file:");
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      char character = (char) (b & 0xFF);
      if (PLAIN.indexOf(character) >= 0) {
        address.append(character);
      } else {
        address.append(String.format(Locale.ROOT, "%%%02X", b & 0xFF));
      }
    }
    return address.toString();
  }

  /** Options before those that are set by hand. */
  private void before(String key, String options) {
    properties.merge(key, options.trim(), (theirs, ours) -> ours + " " + theirs);
  }

  /**
   * Gives Kubernetes the pods of submit/kubernetes: what Spark's properties cannot say, like a
   * security context.
   *
   * @param visible where the machine that submits sees a file of this one
   */
  ClusterProperties podTemplates(String home, int gpusPerExecutor, UnaryOperator<String> visible) {
    if (kind != ClusterKind.KUBERNETES) {
      return this;
    }
    String executor = gpusPerExecutor > 0 ? "executor-gpu-pod.yaml" : "executor-pod.yaml";
    Map<String, String> templates = new LinkedHashMap<>();
    if (clusterMode) {
      templates.put("spark.kubernetes.driver.podTemplateFile", "driver-pod.yaml");
    }
    templates.put("spark.kubernetes.executor.podTemplateFile", executor);
    templates.forEach(
        (key, file) ->
            properties.computeIfAbsent(
                key, unused -> visible.apply(home + "/submit/kubernetes/" + file)));
    return this;
  }

  private void missing(String key, String value) {
    properties.putIfAbsent(key, value);
  }
}
