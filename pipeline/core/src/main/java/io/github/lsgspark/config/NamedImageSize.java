package io.github.lsgspark.config;

import java.io.IOException;
import java.util.OptionalInt;

/**
 * Tells for images of which size the weights of {@code train.weights} were made, for {@code
 * train.image-size = auto}. Found by {@link java.util.ServiceLoader}.
 */
public interface NamedImageSize {

  /** The value of {@code train.backbone} whose weights it looks at. */
  String name();

  /**
   * The side of an image in pixels; empty where the weights name none.
   *
   * @param weights a file or a directory, which need not be there
   * @param texts reads files beside the weights
   * @throws IOException if one is there and cannot be read
   */
  OptionalInt of(String weights, ConfigText texts) throws IOException;
}
