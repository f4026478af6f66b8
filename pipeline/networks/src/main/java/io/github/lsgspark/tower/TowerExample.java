package io.github.lsgspark.tower;

import io.github.lsgspark.config.SoundSpec;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A published network of a family, by which lists show the family's parameters and layers.
 *
 * @param model its public name
 * @param config what its file says
 */
public record TowerExample(String model, TowerConfig config) {

  /** A network of timm's by its architecture. */
  static TowerExample timm(String architecture) {
    return new TowerExample(
        architecture, parsed(architecture, "{\"architecture\": \"" + architecture + "\"}"));
  }

  /** A network by what transformers calls its kind. */
  static TowerExample transformers(String model, String type) {
    return new TowerExample(model, parsed(model, "{\"model_type\": \"" + type + "\"}"));
  }

  private static TowerConfig parsed(String model, String json) {
    return TowerConfig.parse(json.getBytes(StandardCharsets.UTF_8), model);
  }

  /** The network at its own size, without weights. */
  public Tower network() {
    return Towers.atOwnSize(Towers.family(config), config, sound());
  }

  /** What it was made for: a side in pixels, frames before it, or bands and frames of sounds. */
  public String size() {
    TowerFamily family = Towers.family(config);
    if (family instanceof VideoFamily videos) {
      return videos.frames(config) + "x" + family.imageSize(config);
    }
    return sound()
        .map(own -> own.samples() == 0 ? "any" : own.shape()[1] + "x" + own.shape()[2])
        .orElseGet(() -> Integer.toString(family.imageSize(config)));
  }

  private Optional<SoundSpec> sound() {
    return Towers.family(config) instanceof SoundFamily sounds
        ? Optional.of(sounds.sound(config, TowerConfig.none(config.source())))
        : Optional.empty();
  }
}
