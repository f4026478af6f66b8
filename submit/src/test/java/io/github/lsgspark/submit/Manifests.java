package io.github.lsgspark.submit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The manifests of submit/kubernetes, but for what Kustomize reads. */
final class Manifests {
  static final Path FOLDER = Shell.HOME.resolve("submit/kubernetes");

  private Manifests() {}

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .filter(file -> file.toString().endsWith(".yaml") && !file.endsWith("kustomization.yaml"))
          .sorted()
          .toList();
    }
  }

  /** The documents of a file. */
  static List<JsonNode> documents(Path file) throws IOException {
    YAMLMapper yaml = new YAMLMapper();
    try (MappingIterator<JsonNode> all = yaml.readerFor(JsonNode.class).readValues(file.toFile())) {
      return new ArrayList<>(all.readAll());
    }
  }

  /** The one document of a file. */
  static JsonNode document(String name) throws IOException {
    List<JsonNode> all = documents(FOLDER.resolve(name));
    if (all.size() != 1) {
      throw new IllegalStateException(name + " has " + all.size() + " documents");
    }
    return all.get(0);
  }

  /** What a role allows: verb and resource. */
  static Set<String> allowed(String role) throws IOException {
    Set<String> allowed = new TreeSet<>();
    for (JsonNode document : documents(FOLDER.resolve("rbac.yaml"))) {
      if (document.path("kind").asText().equals("Role")
          && document.at("/metadata/name").asText().equals(role)) {
        for (JsonNode rule : document.path("rules")) {
          for (JsonNode resource : rule.path("resources")) {
            for (JsonNode verb : rule.path("verbs")) {
              allowed.add(verb.asText() + " " + resource.asText());
            }
          }
        }
      }
    }
    return allowed;
  }
}
