package io.github.lsgspark.tower;

/** Public networks that are built alike, in one naming of their tensors. */
public interface TowerFamily {

  /** Its name in lists, such as {@code dinov2}. */
  String name();

  /** What it is, in one line. */
  String help();

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

  /** The side of the images that the file's weights are for. */
  int imageSize(TowerConfig config);
}
