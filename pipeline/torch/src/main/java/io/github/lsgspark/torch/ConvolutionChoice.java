package io.github.lsgspark.torch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.lsgspark.config.LsgException;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  /** How the JVM's page on a fatal error names the signal. */
  private static final Pattern SIGNAL = Pattern.compile("(?m)^#  (SIG[A-Z]+) ");

  private final ProbeMemory memory;
  private final Prober prober;

  ConvolutionChoice(ProbeMemory memory, Prober prober) {
    this.memory = memory;
    this.prober = prober;
  }

  /** How a process that computes in one mode ended. */
  enum Answer {
    LIVES,
    DIES,
    /** It died of something else, or was never there. */
    NONE
  }

  /** Tries a mode out. */
  interface Prober {
    Answer run(ConvolutionMode mode);
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
      switch (prober.run(mode)) {
        case LIVES -> {
          memory.write(mode);
          return mode;
        }
        case NONE -> {
          return ConvolutionMode.WITHOUT_ONEDNN;
        }
        case DIES -> {
          // The next mode is slower and may live.
        }
      }
    }
    return ConvolutionMode.WITHOUT_ONEDNN;
  }

  /** In a JVM like this one. */
  static Answer probe(ConvolutionMode mode) {
    try {
      Path output = Files.createTempFile("lsg-probe", ".txt");
      try {
        return answer(mode, end(mode, output), Files.readString(output, ISO_8859_1));
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException e) {
      LOG.warn("the probe of convolutions did not start, oneDNN stays off: {}", e.toString());
      return Answer.NONE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Answer.NONE;
    }
  }

  /**
   * @return the exit code; empty if there was none in time
   */
  private static OptionalInt end(ConvolutionMode mode, Path output)
      throws IOException, InterruptedException {
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
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      return process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)
          ? OptionalInt.of(process.exitValue())
          : OptionalInt.empty();
    } finally {
      process.destroyForcibly();
    }
  }

  private static Answer answer(ConvolutionMode mode, OptionalInt code, String output) {
    if (code.isPresent() && code.getAsInt() == 0) {
      LOG.info("convolutions {}: live", mode.label());
      return Answer.LIVES;
    }
    Matcher signal = SIGNAL.matcher(output);
    if (signal.find()) {
      LOG.info("convolutions {}: die of {}", mode.label(), signal.group(1));
      return Answer.DIES;
    }
    if (code.isPresent() && code.getAsInt() == ConvolutionProbe.NOT_POSSIBLE) {
      LOG.info("convolutions {}: not possible with this libtorch", mode.label());
      return Answer.DIES;
    }
    LOG.warn(
        "the probe of convolutions {}, oneDNN stays off: {}",
        code.isPresent() ? "ended with " + code.getAsInt() : "did not end",
        output.lines().filter(line -> !line.isBlank()).findFirst().orElse("no message"));
    return Answer.NONE;
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
