package io.github.lsgspark.tower;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.PixelSpec;
import io.github.lsgspark.config.SoundSpec;
import io.github.lsgspark.storage.HadoopFiles;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How samples are prepared for a public network; one of the two is there.
 *
 * @param pixels of images
 * @param sound of sounds
 */
record Preparation(Optional<PixelSpec> pixels, Optional<SoundSpec> sound) {
  private static final Logger LOG = LoggerFactory.getLogger(Preparation.class);
  private static final String FILE = "preprocessor_config.json";

  /** The first that is there counts. */
  static final List<String> FILES = List.of("video_preprocessor_config.json", FILE);

  /**
   * As the files of a directory say it, or as its family is published.
   *
   * @throws LsgException exit 3 if neither says it, and for values that cannot be
   */
  static Preparation of(HadoopFiles files, String path, TowerConfig config, TowerFamily family) {
    Optional<TowerConfig> file =
        FILES.stream()
            .map(name -> HadoopFiles.path(path, name))
            .filter(files::exists)
            .findFirst()
            .map(name -> TowerConfig.parse(files.read(name), name));
    if (family instanceof SoundFamily sounds) {
      SoundSpec spec = sound(config, sounds, file);
      if (file.isEmpty()) {
        LOG.warn(
            "{}: has no {}; sounds are prepared as {} is published: {}",
            path,
            FILE,
            family.name(),
            spec);
      }
      return new Preparation(Optional.empty(), Optional.of(spec));
    }
    PixelSpec spec =
        file.map(Preprocessing::transformers)
            .or(() -> Preprocessing.timm(config))
            .orElseGet(() -> published(path, config, family));
    return new Preparation(Optional.of(spec), Optional.empty());
  }

  private static SoundSpec sound(
      TowerConfig config, SoundFamily family, Optional<TowerConfig> file) {
    TowerConfig extractor = file.orElseGet(() -> TowerConfig.none(config.source()));
    try {
      return family.sound(config, extractor);
    } catch (IllegalArgumentException e) {
      throw LsgException.input(extractor.source() + ": " + e.getMessage(), e);
    }
  }

  private static PixelSpec published(String path, TowerConfig config, TowerFamily family) {
    PixelSpec spec =
        family
            .pixels(config)
            .orElseThrow(
                () ->
                    LsgException.input(
                        path
                            + ": how images are prepared is not known: config.json has no"
                            + " pretrained_cfg with mean and std, and there is no "
                            + FILE));
    LOG.warn(
        "{}: has no {}; images are prepared as {} is published: {}",
        path,
        FILE,
        family.name(),
        spec);
    return spec;
  }

  /** Their kind. */
  String what() {
    return sound.isPresent() ? "sounds" : "images";
  }

  /** In words. */
  @Override
  public String toString() {
    return sound.map(SoundSpec::toString).orElseGet(() -> pixels.orElseThrow().toString());
  }
}
