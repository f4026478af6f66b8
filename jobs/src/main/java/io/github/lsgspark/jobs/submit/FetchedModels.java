package io.github.lsgspark.jobs.submit;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import io.github.lsgspark.config.InputPaths;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.embedding.LabelEncoders;
import io.github.lsgspark.embedding.models.MavenModel;
import io.github.lsgspark.embedding.models.ModelCache;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Sentence encoders that a configuration names, as folders of this machine: a driver on a cluster
 * has no Maven to fetch them, so they travel as its other inputs do. One that cannot be fetched
 * here keeps its name.
 */
final class FetchedModels {
  private static final String KEY = "embedding.model";

  private final boolean dry;
  private final Consumer<String> log;

  /**
   * @param dry whether nothing is fetched
   */
  FetchedModels(boolean dry, Consumer<String> log) {
    this.dry = dry;
    this.log = log;
  }

  /**
   * A configuration with folders in the place of names; the default encoder gets its folder, too.
   *
   * @param settings of the configuration as a whole
   */
  Config inPlace(Config given, Settings settings) {
    Config named = InputPaths.changed(given, this::folder);
    if (!LabelEncoders.of(settings).isPretrained() || !settings.embedding().model().isEmpty()) {
      return named;
    }
    return MavenModel.of(settings.embedding())
        .map(this::folder)
        .filter(folder -> folder.contains("/"))
        .map(folder -> named.withValue(KEY, ConfigValueFactory.fromAnyRef(folder)))
        .orElse(named);
  }

  private String folder(String key, String value) {
    Optional<MavenModel> model =
        key.equals(KEY) || key.endsWith("." + KEY) ? MavenModel.of(value) : Optional.empty();
    return model.map(this::folder).orElse(value);
  }

  private String folder(MavenModel model) {
    ModelCache cache = ModelCache.here();
    if (dry && !cache.holds(model)) {
      log.accept("would fetch " + model.name() + " into " + cache.folder(model));
      return model.name();
    }
    try {
      return cache.require(model).toString();
    } catch (LsgException e) {
      if (e.exitCode() != LsgException.ENVIRONMENT) {
        throw e;
      }
      // Not every command embeds; one that does is refused by its driver.
      log.accept(e.getMessage());
      return model.name();
    }
  }
}
