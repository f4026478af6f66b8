package io.github.lsgspark.tower;

import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.PixelSpec;
import io.github.lsgspark.config.PixelSpec.Interpolation;
import java.util.List;
import java.util.Optional;

/** Public networks that are built alike, in one naming of their tensors. */
public interface TowerFamily {

  /** Its name in lists, such as {@code dinov2}. */
  String name();

  /** What it is, in one line. */
  String help();

  /** A well-known network of it, for lists. */
  default Optional<TowerExample> example() {
    return Optional.empty();
  }

  /** What its networks see: those of images see the frames of clips, too. */
  default Modality modality() {
    return Modality.IMAGE;
  }

  /** Whether a file describes one of its networks. */
  boolean reads(TowerConfig config);

  /**
   * Makes the network without its weights.
   *
   * @param height of the images in pixels
   * @param width likewise
   * @throws io.github.lsgspark.config.LsgException exit 3 for a value that it cannot be built with
   */
  Tower create(TowerConfig config, int height, int width);

  /**
   * How images are prepared for its published weights, where no file says it.
   *
   * @return empty where that differs from one to another
   */
  default Optional<PixelSpec> pixels(TowerConfig config) {
    return Optional.empty();
  }

  /**
   * Whether its vectors are compared with those of texts by their angle: then those of a clip's
   * frames are averaged as directions.
   */
  default boolean comparesAngles(TowerConfig config) {
    return false;
  }

  /** By the mean and deviation of ImageNet. */
  static PixelSpec imageNet(Interpolation interpolation, boolean keepsAspect, double share) {
    return new PixelSpec(
        List.of(0.485, 0.456, 0.406),
        List.of(0.229, 0.224, 0.225),
        interpolation,
        keepsAspect,
        share);
  }

  /** The side of the images that the file's weights are for. */
  int imageSize(TowerConfig config);
}
