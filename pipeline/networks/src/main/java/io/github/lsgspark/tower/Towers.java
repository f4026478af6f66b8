package io.github.lsgspark.tower;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Registry;
import io.github.lsgspark.config.SoundSpec;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The families of public networks, by what their files say. */
public final class Towers {
  private Towers() {}

  /** All families; those of jars beside the program's, too. */
  public static List<TowerFamily> families() {
    return Registry.of(TowerFamily.class, "train.weights", List::of, TowerFamily::name).entries();
  }

  /**
   * The family that a file belongs to.
   *
   * @throws LsgException exit 3 if it is of none; the message lists all
   */
  public static TowerFamily family(TowerConfig config) {
    return families().stream()
        .filter(family -> family.reads(config))
        .findFirst()
        .orElseThrow(() -> unknown(config));
  }

  private static LsgException unknown(TowerConfig config) {
    if (config.modelType().endsWith("_text_model")) {
      return LsgException.input(
          config.source()
              + ": is the text half alone (model_type = "
              + config.modelType()
              + "), which sees no images: take the directory of the whole model, or of its image half;"
              + " embedding.model takes this one");
    }
    String what =
        !config.modelType().isEmpty()
            ? "model_type = " + config.modelType()
            : !config.architecture().isEmpty()
                ? "architecture = " + config.architecture()
                : "neither model_type, as transformers writes it, nor architecture, as timm does";
    return LsgException.input(
        config.source()
            + ": has "
            + what
            + ", but the families of networks are: "
            + families().stream()
                .map(family -> family.name() + " (" + family.help() + ")")
                .collect(Collectors.joining("; ")));
  }

  /**
   * A network of a file, without its weights.
   *
   * @param height of the images in pixels
   * @param width likewise
   * @throws LsgException exit 3 for a file that no network can be made of
   */
  public static Tower of(TowerConfig config, int height, int width) {
    return create(family(config), config, height, width);
  }

  /**
   * A network of a file, without its weights.
   *
   * @param input shape of a view: [3, height, width], or [3, T, height, width] of clips; a network
   *     of images is made for their frames
   * @throws LsgException exit 2 for views that the network does not take, exit 3 for a file that no
   *     network can be made of
   */
  public static Tower of(TowerConfig config, long[] input) {
    int height = (int) input[input.length - 2];
    int width = (int) input[input.length - 1];
    if (family(config) instanceof VideoFamily family) {
      return named(config, () -> family.create(config, (int) input[1], height, width));
    }
    return of(config, height, width);
  }

  /**
   * A network for views of the size that its weights were made for.
   *
   * @param sound how sounds are prepared for it; empty for images and clips
   */
  static Tower atOwnSize(TowerFamily family, TowerConfig config, Optional<SoundSpec> sound) {
    int side = family.imageSize(config);
    return sound
        .map(own -> own.lasting(1).shape())
        .map(shape -> create(family, config, (int) shape[1], (int) shape[2]))
        .orElseGet(() -> create(family, config, side, side));
  }

  static Tower create(TowerFamily family, TowerConfig config, int height, int width) {
    return named(config, () -> family.create(config, height, width));
  }

  private static Tower named(TowerConfig config, Supplier<Tower> making) {
    try {
      return making.get();
    } catch (IllegalArgumentException e) {
      throw LsgException.input(config.source() + ": " + e.getMessage(), e);
    }
  }
}
