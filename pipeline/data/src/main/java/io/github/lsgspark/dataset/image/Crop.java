package io.github.lsgspark.dataset.image;

import io.github.lsgspark.config.TrainSettings;
import java.util.SplittableRandom;

/**
 * The part of a picture that a view shows, in pixels; fractions count.
 *
 * @param mirrored whether left and right are exchanged
 */
public record Crop(double x, double y, double width, double height, boolean mirrored) {
  private static final int TRIES = 10;

  /** The whole picture, or its centre if resize-factor is above 1. */
  public static Crop centre(
      TrainSettings.AugmentationSettings augmentation, int pictureWidth, int pictureHeight) {
    return middle(1 / augmentation.resizeFactor(), pictureWidth, pictureHeight);
  }

  /** A share of each side, in the middle. */
  static Crop middle(double share, int pictureWidth, int pictureHeight) {
    double width = pictureWidth * share;
    double height = pictureHeight * share;
    return new Crop((pictureWidth - width) / 2, (pictureHeight - height) / 2, width, height, false);
  }

  /** A square in the middle, its side a share of the shorter side. */
  static Crop square(double share, int pictureWidth, int pictureHeight) {
    double side = share * Math.min(pictureWidth, pictureHeight);
    return new Crop((pictureWidth - side) / 2, (pictureHeight - side) / 2, side, side, false);
  }

  /**
   * A random area of a ratio from 3/4 to 4/3, mirrored half the time if flipping is on. Proportions
   * are those of the picture resized to a square, as in the reference (TR:69-80).
   */
  public static Crop random(
      TrainSettings.AugmentationSettings augmentation,
      int pictureWidth,
      int pictureHeight,
      SplittableRandom random) {
    Crop part = part(augmentation.cropScaleMin(), pictureWidth, pictureHeight, random);
    boolean mirrored = augmentation.flip() && random.nextBoolean();
    return new Crop(part.x, part.y, part.width, part.height, mirrored);
  }

  private static Crop part(double smallest, int width, int height, SplittableRandom random) {
    for (int attempt = 0; smallest < 1 && attempt < TRIES; attempt++) {
      double area = smallest + (1 - smallest) * random.nextDouble();
      double ratio = Math.exp((2 * random.nextDouble() - 1) * Math.log(4.0 / 3));
      double across = Math.sqrt(area * ratio);
      double down = Math.sqrt(area / ratio);
      if (across <= 1 && down <= 1) {
        double x = random.nextDouble() * (1 - across);
        double y = random.nextDouble() * (1 - down);
        return new Crop(x * width, y * height, across * width, down * height, false);
      }
    }
    return new Crop(0, 0, width, height, false);
  }
}
