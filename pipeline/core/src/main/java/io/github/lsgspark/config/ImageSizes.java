package io.github.lsgspark.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;

/** Decides {@code train.image-size = auto}, so that everything else sees a number. */
final class ImageSizes {
  private static final String KEY = "train.image-size";
  private static final String BACKBONE = "train.backbone";
  private static final String WEIGHTS = "train.weights";
  private static final String AUTO = "auto";

  /** Where the weights name no size. */
  private static final int USUAL = 224;

  private ImageSizes() {}

  /**
   * A configuration with a number for the size of images.
   *
   * @param config with every key; its paths are those that stages take
   */
  static Config decided(Config config, ConfigText texts) {
    if (!config.getValue(KEY).unwrapped().equals(AUTO)) {
      return config;
    }
    String backbone = String.valueOf(config.getValue(BACKBONE).unwrapped());
    String weights = String.valueOf(config.getValue(WEIGHTS).unwrapped());
    int side = named(backbone, weights, texts).orElse(USUAL);
    return config.withValue(
        KEY, ConfigValueFactory.fromAnyRef(side).withOrigin(config.getValue(KEY).origin()));
  }

  /**
   * Of networks that are what their weights say, and of no others: those files are not looked at.
   */
  private static OptionalInt named(String backbone, String weights, ConfigText texts) {
    if (weights.isEmpty() || InputPaths.isWord(WEIGHTS, weights)) {
      return OptionalInt.empty();
    }
    for (NamedImageSize one :
        Registry.of(NamedImageSize.class, KEY, List::of, NamedImageSize::name).entries()) {
      if (!one.name().equals(backbone)) {
        continue;
      }
      try {
        OptionalInt side = one.of(weights, texts);
        if (side.isPresent()) {
          return side;
        }
      } catch (IOException e) {
        throw LsgException.input(
            KEY + " = auto: " + weights + " cannot be looked into: " + e.getMessage(), e);
      }
    }
    return OptionalInt.empty();
  }
}
