package io.github.lsgspark.embedding.models;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.config.EmbeddingSettings.Pooling;
import io.github.lsgspark.config.LsgException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A jar that holds a model, and the folder that is made of it: one of sentence-transformers, with
 * its graph, its tokenizer, and what is known of pooling and prefix in the files where such folders
 * state them.
 */
final class ModelArtifact {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Files that are taken as they are where an artifact has them. */
  private static final List<String> MORE =
      List.of(
          "config.json",
          "modules.json",
          "1_Pooling/config.json",
          "config_sentence_transformers.json");

  private final Path jar;
  private final MavenModel model;

  ModelArtifact(Path jar, MavenModel model) {
    this.jar = jar;
    this.model = model;
  }

  /**
   * Writes the folder.
   *
   * @param folder exists and is empty
   * @throws LsgException exit 3 if the jar is none, lacks a file of the model or holds another one
   */
  void unpack(Path folder) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (Map.Entry<String, String> entry : entries(zip).entrySet()) {
        Path file = folder.resolve(entry.getKey());
        Files.createDirectories(file.getParent());
        try (InputStream in = zip.getInputStream(zip.getEntry(entry.getValue()))) {
          Files.copy(in, file);
        }
      }
    } catch (ZipException e) {
      throw LsgException.input(
          model.artifact() + ": what was fetched is no jar: " + e.getMessage(), e);
    }
    if (model.known().isPresent()) {
      describe(model.known().get(), folder);
    }
    mark(folder);
  }

  private Map<String, String> entries(ZipFile zip) {
    Map<String, String> entries = new TreeMap<>();
    if (model.known().isPresent()) {
      entries.putAll(model.known().get().entries());
    } else {
      String graph = only(zip, ".onnx");
      entries.put(NamedEncoder.GRAPH, graph);
      entries.put(NamedEncoder.TOKENIZER, only(zip, "tokenizer.json"));
      String folder = graph.substring(0, graph.lastIndexOf('/') + 1);
      MORE.stream()
          .filter(name -> zip.getEntry(folder + name) != null)
          .forEach(name -> entries.put(name, folder + name));
    }
    entries.values().forEach(name -> require(zip, name));
    return entries;
  }

  private void require(ZipFile zip, String name) {
    if (zip.getEntry(name) == null) {
      throw LsgException.input(model.artifact() + ": holds no " + name);
    }
  }

  private String only(ZipFile zip, String end) {
    List<String> found =
        zip.stream().map(Object::toString).filter(name -> name.endsWith(end)).toList();
    if (found.size() != 1) {
      throw LsgException.input(
          model.artifact()
              + ": a model's artifact has one file that ends in "
              + end
              + ", but this one has "
              + (found.isEmpty() ? "none" : String.join(", ", found)));
    }
    return found.get(0);
  }

  /** In the words of sentence-transformers, so that the folder says the same wherever it lies. */
  private static void describe(NamedEncoder known, Path folder) throws IOException {
    Path pooling = Files.createDirectories(folder.resolve("1_Pooling")).resolve("config.json");
    Map<String, Object> stated = new LinkedHashMap<>();
    stated.put("word_embedding_dimension", known.dimension());
    stated.put("pooling_mode_cls_token", known.pooling() == Pooling.CLS);
    stated.put("pooling_mode_mean_tokens", known.pooling() == Pooling.MEAN);
    write(pooling, stated);
    if (!known.prefix().isEmpty()) {
      write(
          folder.resolve("config_sentence_transformers.json"),
          Map.of("prompts", Map.of("query", known.prefix()), "default_prompt_name", "query"));
    }
  }

  /** Holds the files against what is known of them, and writes down what lies here. */
  private void mark(Path folder) throws IOException {
    Map<String, String> sums = new TreeMap<>();
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sums.put(folder.relativize(file).toString(), ModelCache.sha256(file));
      }
    }
    model
        .known()
        .ifPresent(
            known ->
                known
                    .sha256()
                    .forEach(
                        (name, sum) ->
                            ModelCache.requireSum(
                                folder.resolve(name), sum, "nothing was put into the cache")));
    Map<String, Object> marker = new LinkedHashMap<>();
    marker.put("name", model.name());
    marker.put("artifact", model.artifact());
    model.known().ifPresent(known -> marker.put("licence", known.licence()));
    marker.put("sha256", sums);
    write(folder.resolve(ModelCache.MARKER), marker);
  }

  private static void write(Path file, Map<String, Object> content) throws IOException {
    Files.writeString(
        file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(content) + "\n");
  }
}
