package io.github.lsgspark.embedding.models;

import io.github.lsgspark.config.EmbeddingSettings;
import io.github.lsgspark.config.LsgException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A model that comes as an artifact of a Maven repository.
 *
 * @param name as configurations write it
 * @param artifact group:artifact:version
 * @param known what is known of it, if it has a name of its own
 */
public record MavenModel(String name, String artifact, Optional<NamedEncoder> known) {
  /** What stands before the coordinates of an artifact. */
  public static final String PREFIX = "maven:";

  private static final Pattern COORDINATES =
      Pattern.compile("[A-Za-z0-9_.-]+:[A-Za-z0-9_.-]+:[A-Za-z0-9_.-]+");

  /**
   * What a name or coordinates mean; nothing for a folder.
   *
   * @param model a name, {@code maven:group:artifact:version}, or the path of a folder
   * @throws LsgException exit 2 for coordinates that are none, or of a snapshot, which changes
   */
  public static Optional<MavenModel> of(String model) {
    if (!model.startsWith(PREFIX)) {
      return NamedEncoder.of(model)
          .map(known -> new MavenModel(known.name(), known.artifact(), Optional.of(known)));
    }
    String artifact = model.substring(PREFIX.length());
    if (!COORDINATES.matcher(artifact).matches() || artifact.endsWith("-SNAPSHOT")) {
      throw LsgException.usage(
          "embedding.model must be maven:group:artifact:version with a released version, but was: "
              + model);
    }
    Optional<NamedEncoder> known =
        NamedEncoder.all().stream()
            .filter(encoder -> encoder.artifact().equals(artifact))
            .findFirst();
    return Optional.of(
        new MavenModel(known.map(NamedEncoder::name).orElse(model), artifact, known));
  }

  /** The model of settings, if it is one of these: the default's where nothing else is said. */
  public static Optional<MavenModel> of(EmbeddingSettings settings) {
    boolean unsaid = settings.model().isEmpty() && settings.encoder().equals("auto");
    return of(unsaid ? NamedEncoder.DEFAULT : settings.model());
  }

  /** The name of its folder in the cache. */
  String folder() {
    String version = artifact.substring(artifact.lastIndexOf(':') + 1);
    return known
        .map(encoder -> encoder.name() + "-" + version)
        .orElseGet(() -> artifact.replace(':', '-'));
  }

  /** What decides about its vectors: the artifact, and what it must hold where that is known. */
  public String identity() {
    return artifact
        + known.map(encoder -> " " + encoder.sha256().get(NamedEncoder.GRAPH)).orElse("");
  }
}
