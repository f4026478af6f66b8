package io.github.lsgspark.jobs;

import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.jobs.gpucheck.CheckRow;
import io.github.lsgspark.jobs.gpucheck.GpuCheck;
import io.github.lsgspark.jobs.gpucheck.GpuCheck.Request;
import io.github.lsgspark.jobs.gpucheck.GpuReport;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Holds what this machine's cards compute against what its processor computes. */
@Command(
    name = "gpu-check",
    footer = {"", "Example:", "  submit/lsg gpu-check --device cpu", "", StageHelp.EXIT_CODES},
    mixinStandardHelpOptions = true,
    description = {
      "Whether a card computes what the processor computes (products, networks, precisions, the",
      "label graph's branch, the optimiser, sums over one and over all cards), how fast it is,",
      "whether CUDA's libraries, the driver and Spark's discovery script are as they must be, and",
      "what an executor would get. Exit 4 if something is wrong."
    })
final class GpuCheckCommand implements Callable<Integer> {
  private static final String SCRIPT = "submit/gpu-discovery.sh";

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description = {
        "cuda: a missing card is an error. cpu: the same computations on the processor. Default:",
        "cuda where libtorch sees a card."
      })
  private GpuCheck.Device device;

  @Option(names = "--json", description = "Prints one JSON object instead of the table.")
  private boolean json;

  @Option(names = "--full", description = "More and larger networks: minutes.")
  private boolean full;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "For cluster.gpus-per-executor and the discovery script.")
  private Path config;

  @Option(names = "-D", paramLabel = "key=value", description = "Sets one key.")
  private Map<String, String> overrides = new LinkedHashMap<>();

  @Option(names = "--conf", paramLabel = "spark.key=value", description = "Sets one key of Spark.")
  private Map<String, String> spark = new LinkedHashMap<>();

  @Override
  public Integer call() {
    Loaded loaded =
        config == null
            ? SettingsLoader.load("", overrides)
            : SettingsLoader.load(config, overrides);
    Request request =
        new Request(
            Optional.ofNullable(device),
            full,
            loaded.settings().cluster().gpusPerExecutor(),
            script(loaded));
    if (json) {
      GpuReport report = GpuCheck.run(request, row -> {});
      System.out.print(report.json());
      return report.exitCode();
    }
    System.out.println(CheckRow.heading());
    GpuReport report = GpuCheck.run(request, row -> System.out.println(row.line()));
    System.out.println(report.summary());
    return report.exitCode();
  }

  /** The one that Spark would be told of, else the project's own. */
  private Optional<Path> script(Loaded loaded) {
    Map<String, String> properties = new LinkedHashMap<>(loaded.spark());
    properties.putAll(spark);
    String named = properties.get("spark.executor.resource.gpu.discoveryScript");
    if (named != null) {
      return Optional.of(Path.of(named));
    }
    return Optional.ofNullable(System.getProperty("lsg.root"))
        .map(root -> Path.of(root).resolve(SCRIPT));
  }
}
