package io.github.lsgspark.jobs;

import com.sun.management.OperatingSystemMXBean;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.embedding.models.MavenModel;
import io.github.lsgspark.embedding.models.ModelCache;
import io.github.lsgspark.embedding.models.NamedEncoder;
import io.github.lsgspark.jobs.checks.Findings;
import io.github.lsgspark.jobs.gpucheck.CheckRow;
import io.github.lsgspark.jobs.gpucheck.GpuCheck;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.CpuFeatures;
import io.github.lsgspark.torch.NativeTorch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Facts about this machine, and what is wrong with it for a given configuration. */
final class EnvironmentCheck {
  private static final long GIBIBYTE = 1L << 30;
  private static final long MEMORY_WANTED = 4 * GIBIBYTE;

  /** CPU features that matter for the speed of libtorch. */
  private static final List<String> FEATURES =
      List.of("avx2", "fma", "avx512f", "avx512_bf16", "avx512_vnni", "amx_bf16", "amx_tile");

  private final Map<String, Map<String, String>> sections = new LinkedHashMap<>();
  private final Set<String> problems = new LinkedHashSet<>();
  private int configurationCode;

  void run(Settings settings, String workDir) {
    machine();
    JavaVersion.problem(Runtime.version().feature()).ifPresent(problems::add);
    nativeLibrary();
    device(settings);
    cards(settings);
    models();
    workFolder(workDir);
  }

  /**
   * Makes the checks that come before a run of all stages, and only them.
   *
   * @return what such a run would make, for people; nothing if something is wrong
   */
  List<String> examine(Loaded loaded, String workDir, SparkLauncher spark) {
    PipelineRun run = new PipelineRun(loaded, workDir, spark);
    Findings findings = new Preflight(loaded, run, spark, false).all();
    configurationCode = problems.isEmpty() ? findings.exitCode() : 0;
    problems.addAll(findings.sentences());
    try {
      return problems.isEmpty() ? PlanCommand.lines(loaded, run) : List.of();
    } catch (LsgException | UncheckedIOException e) {
      problems.add(e.getMessage());
      return List.of();
    }
  }

  /** 0 if nothing is wrong. */
  int exitCode() {
    if (problems.isEmpty()) {
      return 0;
    }
    return configurationCode != 0 ? configurationCode : LsgException.ENVIRONMENT;
  }

  Map<String, Map<String, String>> sections() {
    return sections;
  }

  Collection<String> problems() {
    return problems;
  }

  private void machine() {
    Map<String, String> facts = new LinkedHashMap<>();
    OperatingSystemMXBean os = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    facts.put(
        "system", os.getName() + " " + os.getVersion() + ", " + System.getProperty("os.arch"));
    facts.put("processors", Integer.toString(os.getAvailableProcessors()));
    facts.put("processor", CpuFeatures.description());
    facts.put("CPU features", features());
    facts.put("memory of the machine", gibibytes(os.getTotalMemorySize()));
    facts.put("heap of this JVM at most", gibibytes(Runtime.getRuntime().maxMemory()));
    sections.put("Machine", facts);
    if (os.getTotalMemorySize() < MEMORY_WANTED) {
      problems.add(
          "this machine has "
              + gibibytes(os.getTotalMemorySize())
              + " of memory; "
              + gibibytes(MEMORY_WANTED)
              + " are needed (heap and libtorch's own)");
    }
    if (!System.getProperty("os.name").equals("Linux")
        || !System.getProperty("os.arch").equals("amd64")) {
      problems.add("the native library of this build is for Linux on x86_64 only");
    }
  }

  private static String features() {
    Path file = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(file)) {
      return "unknown";
    }
    try (Stream<String> lines = Files.lines(file)) {
      Set<String> flags =
          lines
              .filter(line -> line.startsWith("flags"))
              .findFirst()
              .map(line -> new HashSet<>(Arrays.asList(line.split("\\s+"))))
              .orElseGet(HashSet::new);
      String known = FEATURES.stream().filter(flags::contains).collect(Collectors.joining(", "));
      return known.isEmpty() ? "none of " + FEATURES : known;
    } catch (IOException e) {
      return "unknown: " + e.getMessage();
    }
  }

  private void models() {
    ModelCache cache = ModelCache.here();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("model cache", cache.root().toString());
    for (NamedEncoder encoder : NamedEncoder.all()) {
      boolean here = cache.holds(MavenModel.of(encoder.name()).orElseThrow());
      facts.put(
          encoder.name(),
          here
              ? "is in the cache"
              : "is not in the cache: a run that needs it fetches its %d MB"
                  .formatted(encoder.megabytes()));
    }
    sections.put("Sentence encoders", facts);
  }

  private void nativeLibrary() {
    try {
      NativeTorch.load();
      sections.put("Native library", NativeTorch.facts());
    } catch (LsgException e) {
      sections.put("Native library", Map.of("libtorch", "cannot be loaded"));
      problems.add(e.getMessage());
    }
  }

  private void device(Settings settings) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("asked for", settings.train().device().name().toLowerCase(java.util.Locale.ROOT));
    try {
      facts.put(
          "of the driver",
          ComputeDevice.resolve(settings.train().device(), OptionalInt.empty(), "train.device")
              .toString());
    } catch (LsgException e) {
      facts.put("of the driver", "missing");
      problems.add(e.getMessage());
    }
    facts.put("GPUs per executor", Integer.toString(settings.cluster().gpusPerExecutor()));
    sections.put("Device", facts);
  }

  /** The short form of {@code lsg gpu-check}. */
  private void cards(Settings settings) {
    boolean told = settings.train().device() == TrainSettings.Device.CUDA;
    boolean asked = told || settings.gcn().device() == TrainSettings.Device.CUDA;
    if (!asked && !concernCards()) {
      return;
    }
    Map<String, String> facts = new LinkedHashMap<>();
    for (CheckRow row : GpuCheck.inShort(asked).rows()) {
      boolean failed = row.result() == CheckRow.Result.FAIL;
      facts.put(row.check(), failed ? "fail" : row.sentence());
      if (failed && !(told && row.check().equals(GpuCheck.CARD))) {
        problems.add(row.check() + ": " + row.sentence());
      }
    }
    sections.put("Cards (lsg gpu-check has more)", facts);
  }

  /** Whether there is a usable card, or libtorch's CUDA build lacks what it needs. */
  private static boolean concernCards() {
    try {
      return NativeTorch.cudaAvailable() || NativeTorch.cudaProblem().isPresent();
    } catch (LsgException e) {
      // Why it cannot be loaded was told; of the CUDA build each missing library is, too.
      return !NativeTorch.cudaBuild().isEmpty();
    }
  }

  private void workFolder(String workDir) {
    if (workDir.contains("://")) {
      sections.put("Outputs", Map.of("work directory", workDir));
      return;
    }
    Path existing = Path.of(workDir).toAbsolutePath();
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("work directory", workDir);
    sections.put("Outputs", facts);
    if (existing == null || !Files.isDirectory(existing) || !Files.isWritable(existing)) {
      problems.add("the work directory " + workDir + " cannot be written: see " + existing);
      return;
    }
    facts.put("free space", gibibytes(existing.toFile().getUsableSpace()));
  }

  private static String gibibytes(long bytes) {
    return String.format(java.util.Locale.ROOT, "%.1f GiB", (double) bytes / GIBIBYTE);
  }
}
