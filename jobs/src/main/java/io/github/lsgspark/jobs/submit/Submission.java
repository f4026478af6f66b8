package io.github.lsgspark.jobs.submit;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import io.github.lsgspark.config.InputPaths;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.config.SparkProperties;
import io.github.lsgspark.storage.Fingerprint;
import io.github.lsgspark.storage.HadoopConfigText;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.StorageClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;

/**
 * Makes the call of spark-submit that runs a command on a cluster. The configuration is checked
 * here, before anything is submitted; it travels, with all its includes, overlays and overrides
 * laid together, through the work directory, and so do small inputs of this machine.
 */
public final class Submission {
  private static final String MAIN_CLASS = "io.github.lsgspark.jobs.Lsg";
  private static final String HADOOP = "spark.hadoop.";

  /**
   * What is asked for.
   *
   * @param command like {@code run}
   * @param trains whether it trains, or may have to
   * @param more arguments of the program besides the ones here
   * @param config the file that names the whole
   * @param layers all files, that one included, each over those before it
   * @param workDir with the scheme of its file system, or in the default one
   * @param spark properties of the command line
   * @param jar of the program, where it lies already; empty: {@code built}, or the image's
   * @param built the program's jar on this machine
   * @param dry whether nothing may be written
   */
  public record Request(
      String command,
      boolean trains,
      List<String> more,
      String config,
      List<String> layers,
      Map<String, String> overrides,
      String workDir,
      String master,
      String deployMode,
      Map<String, String> spark,
      String jar,
      String built,
      boolean dry) {}

  private final Request request;
  private final ClusterKind kind;
  private final String home;
  private final Map<String, String> environment;
  private final Consumer<String> log;

  /**
   * @param home folder of the program, with conf/ and submit/
   * @param environment variables of this process
   * @param log takes lines for the person who submits
   */
  public Submission(
      Request request, String home, Map<String, String> environment, Consumer<String> log) {
    this.request = request;
    this.kind = ClusterKind.of(request.master());
    this.home = home;
    this.environment = environment;
    this.log = log;
    if (!Set.of("client", "cluster").contains(request.deployMode())) {
      throw LsgException.usage(
          "--deploy-mode must be client or cluster, but was: " + request.deployMode());
    }
    if (kind == ClusterKind.LOCAL) {
      throw LsgException.usage(request.master() + " is no cluster: nothing is submitted");
    }
  }

  /**
   * The call, with everything that it needs in place unless the request is dry.
   *
   * @throws LsgException exit 2 if configuration or request are wrong, exit 4 if the storage of the
   *     work directory cannot be reached
   */
  public String line(String sparkSubmit, Format format) {
    SubmitLine line = line();
    return switch (format) {
      case WORDS -> String.join("\0", line.words(sparkSubmit)) + "\0";
      case SHELL -> line.shell(sparkSubmit) + "\n";
      case JSON -> line.json();
    };
  }

  /** How a call is written down. */
  public enum Format {
    /** Each word ended by a zero byte. */
    WORDS,
    SHELL,
    JSON
  }

  /**
   * The call, as the fields of its JSON, for a scheduler on another machine: the program's jar and
   * the files that it ships are brought to the cluster's storage, too.
   *
   * @throws LsgException exit 2 if the request is wrong, or a secret would be written down
   */
  public Map<String, Object> exported() {
    return line(true).fields();
  }

  SubmitLine line() {
    return line(false);
  }

  /**
   * @param away whether another machine submits
   */
  private SubmitLine line(boolean away) {
    Configuration hadoop = hadoop(request.spark());
    HadoopConfigText texts = new HadoopConfigText(hadoop);
    Loaded loaded = SettingsLoader.load(texts, request.layers(), request.overrides());
    Map<String, String> spark = spark(loaded);
    if (away) {
      refuseSecrets(spark);
    }
    HadoopFiles files = new HadoopFiles(hadoop(spark));
    requireShared(files);
    if (!request.dry()) {
      StorageClient.require(request.workDir(), hadoop(spark));
    }
    boolean clusterMode = request.deployMode().equals("cluster");
    ClusterProperties properties =
        new ClusterProperties(kind, clusterMode, spark)
            .environment(environment)
            .gpus(loaded.settings().cluster().gpusPerExecutor())
            .logging(
                home,
                environment.getOrDefault("LSG_JAVA_OPTIONS", ""),
                environment.getOrDefault("LSG_LOG", "console"));
    if (environment.containsKey("LSG_DRIVER_MEMORY")) {
      properties.all().put("spark.driver.memory", environment.get("LSG_DRIVER_MEMORY"));
    }
    if (request.trains()) {
      log.accept(properties.fixExecutors());
    }
    InputUpload upload =
        new InputUpload(
            files,
            request.workDir(),
            loaded.settings().cluster().uploadLimit(),
            request.dry(),
            log);
    properties.podTemplates(
        home,
        loaded.settings().cluster().gpusPerExecutor(),
        file -> away ? upload.visible("--files", file) : file);
    Config given = SettingsLoader.given(texts, request.layers(), request.overrides());
    if (clusterMode || away) {
      given = new FetchedModels(request.dry(), log).inPlace(given, loaded.settings());
    }
    String config = place(given, files, upload);
    List<String> arguments = new ArrayList<>(List.of(request.command(), "--config", config));
    arguments.addAll(List.of("--work-dir", request.workDir()));
    arguments.addAll(request.more());
    return new SubmitLine(
        request.master(),
        request.deployMode(),
        "lsg " + request.command(),
        properties.all(),
        shipped(clusterMode, loaded).stream()
            .map(file -> away ? upload.visible("--files", file) : file)
            .toList(),
        MAIN_CLASS,
        away ? upload.visible("--jar", jar(clusterMode, spark)) : jar(clusterMode, spark),
        arguments);
  }

  /** The configuration's properties under those of the command line. */
  private Map<String, String> spark(Loaded loaded) {
    for (String key : loaded.spark().keySet()) {
      if (SparkProperties.isSecret(key)) {
        throw LsgException.usage(
            key
                + " looks like a secret: as an argument of spark-submit, every process list would"
                + " show it. Give it to Spark in spark-defaults.conf, by a credential provider or"
                + " by a Kubernetes secret (docs/clusters.md)");
      }
    }
    Map<String, String> properties = new TreeMap<>(loaded.spark());
    properties.putAll(request.spark());
    return properties;
  }

  private static void refuseSecrets(Map<String, String> spark) {
    for (String key : spark.keySet()) {
      if (SparkProperties.isSecret(key)) {
        throw LsgException.usage(
            key
                + " looks like a secret, and an exported call is a file: give it to Spark where the"
                + " scheduler submits (spark-defaults.conf, a credential provider or a Kubernetes"
                + " secret)");
      }
    }
  }

  private static Configuration hadoop(Map<String, String> spark) {
    Configuration hadoop = new Configuration();
    spark.forEach(
        (key, value) -> {
          if (key.startsWith(HADOOP)) {
            hadoop.set(key.substring(HADOOP.length()), value);
          }
        });
    return hadoop;
  }

  private void requireShared(HadoopFiles files) {
    boolean local = files.fileSystem(request.workDir()).getScheme().equals("file");
    if (local && !request.workDir().startsWith("file:")) {
      throw LsgException.usage(
          "--work-dir "
              + request.workDir()
              + " is a folder of this machine, but driver and executors must all see it: give one"
              + " on shared storage (hdfs://..., s3a://...), or file:///... for a folder that is"
              + " mounted on all machines");
    }
  }

  /** Puts configuration and inputs where the cluster sees them; the configuration's address. */
  private String place(Config given, HadoopFiles files, InputUpload upload) {
    String text =
        InputPaths.changed(given, upload::visible)
            .root()
            .render(ConfigRenderOptions.defaults().setOriginComments(false).setJson(false));
    String name = request.config().replaceFirst(".*/", "").replaceFirst("\\.conf$", "");
    String place =
        HadoopFiles.path(
            request.workDir(), "submitted/" + name + "-" + Fingerprint.ofText(text) + ".conf");
    if (!request.dry()) {
      files.writeText(place, text);
    }
    // Without a scheme, the program would take it for a file of its machine.
    return files.qualified(place);
  }

  private List<String> shipped(boolean clusterMode, Loaded loaded) {
    List<String> shipped = new ArrayList<>();
    if (kind == ClusterKind.YARN && loaded.settings().cluster().gpusPerExecutor() > 0) {
      shipped.add(home + "/submit/" + ClusterProperties.DISCOVERY_SCRIPT);
    }
    if (kind == ClusterKind.YARN && clusterMode) {
      shipped.add(home + "/conf/logging/" + ClusterProperties.LOGGING);
    }
    return shipped;
  }

  private String jar(boolean clusterMode, Map<String, String> spark) {
    if (kind == ClusterKind.KUBERNETES && clusterMode) {
      if (!spark.containsKey("spark.kubernetes.container.image")) {
        throw LsgException.usage(
            "--master "
                + request.master()
                + " needs an image with the program: --conf spark.kubernetes.container.image=NAME"
                + " (docs/clusters.md)");
      }
      return request.jar().isEmpty()
          ? "local://" + ClusterProperties.IMAGE_HOME + "/lsg.jar"
          : request.jar();
    }
    return request.jar().isEmpty() ? request.built() : request.jar();
  }
}
