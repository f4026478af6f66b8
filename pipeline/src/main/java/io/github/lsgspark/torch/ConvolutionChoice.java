package io.github.lsgspark.torch;

import io.github.lsgspark.config.LsgException;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.Loader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which way of computing convolutions this host's processor lives with, the fastest. A processor
 * that tells its caches needs no question. Another is tried out once per host, mode by mode, by
 * processes that may die ({@link ConvolutionProbe}); the answer is remembered beside JavaCPP's copy
 * of libtorch, for whoever computes on this host with this libtorch.
 */
final class ConvolutionChoice {
  private static final Logger LOG = LoggerFactory.getLogger(ConvolutionChoice.class);

  /** To be changed with the probe. */
  private static final int PROBE = 1;

  private static final String JAR = "jar:file:";
  private static final int TIMEOUT_SECONDS = 300;

  /** Exit codes from here on are 128 and the number of the signal that ended the process. */
  private static final int SIGNALS = 128;

  private static final int KILLED = SIGNALS + 9;
  private static final int TERMINATED = SIGNALS + 15;

  private final ProbeMemory memory;
  private final Prober prober;

  ConvolutionChoice(ProbeMemory memory, Prober prober) {
    this.memory = memory;
    this.prober = prober;
  }

  /** Tries a mode out. */
  interface Prober {
    /**
     * @return the exit code; empty if the process could not be started or did not end in time
     */
    OptionalInt run(ConvolutionMode mode);
  }

  /** For this process; libtorch must be loaded, so that its libraries are extracted. */
  static ConvolutionMode ofThisHost() {
    String named = System.getProperty(ConvolutionMode.PROPERTY);
    if (named != null) {
      return ConvolutionMode.of(named)
          .orElseThrow(
              () ->
                  LsgException.usage(
                      "-D"
                          + ConvolutionMode.PROPERTY
                          + " must be one of "
                          + Arrays.stream(ConvolutionMode.values())
                              .map(ConvolutionMode::label)
                              .collect(Collectors.joining(", "))
                          + ", but was: "
                          + named));
    }
    return CpuFeatures.showsCaches()
        ? ConvolutionMode.ORDINARY
        : new ConvolutionChoice(ProbeMemory.ofThisUser(facts()), ConvolutionChoice::probe).choose();
  }

  /** What the answer depends on. */
  private static String facts() {
    Map<String, String> limits = new TreeMap<>(System.getenv());
    limits.keySet().removeIf(name -> !name.startsWith("ONEDNN_") && !name.startsWith("DNNL_"));
    return "probe "
        + PROBE
        + "\nlibtorch "
        + NativeTorch.version()
        + "\n"
        + CpuFeatures.identity()
        + "\ncaches hidden\n"
        + limits;
  }

  ConvolutionMode choose() {
    return memory.read().orElseGet(this::tryOut);
  }

  private ConvolutionMode tryOut() {
    LOG.info("the processor hides its caches: trying out, once for this host, what it lives with");
    for (ConvolutionMode mode : ConvolutionMode.values()) {
      OptionalInt code = prober.run(mode);
      if (code.isPresent() && code.getAsInt() == 0) {
        memory.write(mode);
        return mode;
      }
      if (!isAnswer(code)) {
        LOG.warn(
            "the probe of convolutions could not be run ({}): oneDNN stays off in this process",
            code.isPresent() ? "exit code " + code.getAsInt() : "it did not start or end");
        return ConvolutionMode.WITHOUT_ONEDNN;
      }
    }
    return ConvolutionMode.WITHOUT_ONEDNN;
  }

  /** Whether the process died of what it computed, or cannot compute so; not of anything else. */
  private static boolean isAnswer(OptionalInt code) {
    int ended = code.orElse(KILLED);
    return ended == ConvolutionProbe.NOT_POSSIBLE
        || (ended > SIGNALS && ended != KILLED && ended != TERMINATED);
  }

  /** In a JVM like this one. */
  static OptionalInt probe(ConvolutionMode mode) {
    try {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx256m",
                  "-XX:-UsePerfData",
                  "-XX:-CreateCoredumpOnCrash",
                  "-XX:+ErrorFileToStdout",
                  "-D" + ConvolutionMode.PROPERTY + "=" + mode.label(),
                  "-Dorg.bytedeco.javacpp.cachedir=" + Loader.getCacheDir(),
                  "-cp",
                  classpath(),
                  ConvolutionProbe.class.getName())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        return process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)
            ? OptionalInt.of(process.exitValue())
            : OptionalInt.empty();
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      LOG.warn("the probe of convolutions did not start: {}", e.getMessage());
      return OptionalInt.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalInt.empty();
    }
  }

  /**
   * The jars that this process has libtorch and its own classes from, whatever class loader found
   * them, and what it was started with.
   */
  private static String classpath() {
    String platform = "/org/bytedeco/%s/" + Loader.getPlatform();
    Set<String> jars = new LinkedHashSet<>();
    for (String resource :
        List.of(
            "/" + NativeTorch.class.getName().replace('.', '/') + ".class",
            "/" + Logger.class.getName().replace('.', '/') + ".class",
            "/org/bytedeco/javacpp/Loader.class",
            "/org/bytedeco/openblas/global/openblas.class",
            "/org/bytedeco/pytorch/global/torch.class",
            platform.formatted("javacpp") + "/libjnijavacpp.so",
            platform.formatted("openblas") + "/libopenblas.so.0",
            platform.formatted("pytorch") + "/libtorch_cpu.so",
            platform.formatted("pytorch") + "-gpu/libtorch_cpu.so")) {
      URL place = NativeTorch.class.getResource(resource);
      if (place != null && place.toString().startsWith(JAR)) {
        String jar = place.toString().substring("jar:".length());
        jars.add(Path.of(URI.create(jar.substring(0, jar.indexOf("!/")))).toString());
      }
    }
    jars.add(System.getProperty("java.class.path"));
    return String.join(File.pathSeparator, jars);
  }
}
