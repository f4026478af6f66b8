package io.github.lsgspark.embedding.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.config.LsgException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The folder that keeps models of Maven repositories, one folder each, whole or not there at all.
 * It may be shared by processes, and by machines where it lies on storage that they mount.
 */
public final class ModelCache {
  /** Names the folder; the property {@value #PROPERTY} goes before it. */
  public static final String VARIABLE = "LSG_MODELS";

  /** The same as a property of the JVM. */
  public static final String PROPERTY = "lsg.models";

  /** What a folder holds, written last. */
  static final String MARKER = "lsg-model.json";

  private final Path root;

  private ModelCache(Path root) {
    this.root = root;
  }

  /** The cache of this process: the named one, or lsg/models among this user's caches. */
  public static ModelCache here() {
    String named = System.getProperty(PROPERTY, variable(VARIABLE));
    if (!named.isEmpty()) {
      return of(Path.of(named));
    }
    String caches = variable("XDG_CACHE_HOME");
    Path home = Path.of(System.getProperty("user.home", "/"));
    return of((caches.isEmpty() ? home.resolve(".cache") : Path.of(caches)).resolve("lsg/models"));
  }

  /** The cache in a folder. */
  public static ModelCache of(Path root) {
    return new ModelCache(root.toAbsolutePath().normalize());
  }

  private static String variable(String name) {
    return System.getenv().getOrDefault(name, "");
  }

  /** The folder of all. */
  public Path root() {
    return root;
  }

  /** Where a model lies, or would. */
  public Path folder(MavenModel model) {
    return root.resolve(model.folder());
  }

  /** Whether a model is here, in all of its files. */
  public boolean holds(MavenModel model) {
    return Files.isRegularFile(folder(model).resolve(MARKER));
  }

  /** Whether a local folder is one of this cache. */
  public boolean contains(Path folder) {
    return folder.toAbsolutePath().normalize().startsWith(root)
        && Files.isRegularFile(folder.resolve(MARKER));
  }

  /**
   * The folder of a model, which is fetched if it is not here.
   *
   * @throws LsgException exit 4 if it cannot be fetched: the message says how to bring it; exit 3
   *     if what was fetched is not the model
   */
  public Path require(MavenModel model) {
    if (!holds(model)) {
      new ModelFetch(this).bring(model);
    }
    return folder(model);
  }

  /**
   * Holds every file against its SHA-256: those of a named model against what this program knows,
   * others against what was written down when they were fetched.
   *
   * @return how many files were read
   * @throws LsgException exit 3 that names a file that is missing or differs, exit 4 if the model
   *     is not here
   */
  public int verify(MavenModel model) {
    if (!holds(model)) {
      throw LsgException.of(
          LsgException.ENVIRONMENT,
          folder(model) + ": no such model: lsg models get " + model.name());
    }
    Map<String, String> expected = model.known().map(NamedEncoder::sha256).orElseGet(Map::of);
    JsonNode files = marker(folder(model)).path("sha256");
    List<String> names = new ArrayList<>();
    files.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      String sum = expected.getOrDefault(name, files.path(name).asText());
      requireSum(folder(model).resolve(name), sum, "lsg models get --again " + model.name());
    }
    return names.size();
  }

  private static JsonNode marker(Path folder) {
    try {
      return new ObjectMapper().readTree(folder.resolve(MARKER).toFile());
    } catch (IOException e) {
      throw LsgException.input(folder.resolve(MARKER) + ": " + e.getMessage(), e);
    }
  }

  static void requireSum(Path file, String expected, String remedy) {
    String found = sha256(file);
    if (!found.equals(expected)) {
      throw LsgException.input(
          file
              + ": its SHA-256 is "
              + found
              + ", but must be "
              + expected
              + ": the file is damaged, or another one; "
              + remedy);
    }
  }

  /** Of a file's bytes, as 64 hexadecimal digits. */
  static String sha256(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      DigestInputStream digest = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"));
      digest.transferTo(java.io.OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digest.getMessageDigest().digest());
    } catch (NoSuchFileException e) {
      throw LsgException.input(file + ": is missing", e);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
