package io.github.lsgspark.dataset.image;

import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.dataset.modality.DecodedImage;
import java.util.SplittableRandom;

/**
 * RandAugment (Cubuk et al. 2019) with the operations and strengths of FixMatch (Sohn et al. 2020),
 * as the reference uses it (docs/method.md, section 5): a few operations drawn with replacement,
 * each applied or not, then a grey square. Acts on bytes as Pillow does.
 */
final class RandAugment {
  /** Strengths are tenths of an operation's greatest. */
  private static final int STRENGTHS = 10;

  private static final double ENHANCE_MAX = 0.9;
  private static final double ENHANCE_MIN = 0.05;
  private static final int POSTERIZE_MAX = 4;
  private static final int POSTERIZE_MIN = 4;
  private static final int ROTATE_MAX = 30;
  private static final int SOLARIZE_MAX = 256;
  private static final double SHIFT_MAX = 0.3;

  /** What may be drawn. */
  enum Operation {
    AUTO_CONTRAST,
    BRIGHTNESS,
    COLOR,
    CONTRAST,
    EQUALIZE,
    IDENTITY,
    POSTERIZE,
    ROTATE,
    SHARPNESS,
    SHEAR_X,
    SHEAR_Y,
    SOLARIZE,
    TRANSLATE_X,
    TRANSLATE_Y
  }

  private static final Operation[] OPERATIONS = Operation.values();

  private final TrainSettings.RandAugmentSettings settings;

  RandAugment(TrainSettings.RandAugmentSettings settings) {
    this.settings = settings;
  }

  /** A changed picture; the given one may share its pixels with the result. */
  DecodedImage apply(DecodedImage image, SplittableRandom random) {
    DecodedImage changed = image;
    for (int i = 0; i < settings.operations(); i++) {
      Operation operation = OPERATIONS[random.nextInt(OPERATIONS.length)];
      int strength = 1 + random.nextInt(settings.magnitude());
      boolean applied = random.nextDouble() < settings.probability();
      boolean negative = random.nextBoolean();
      if (applied) {
        changed = apply(operation, changed, strength, negative);
      }
    }
    int side = (int) Math.round(settings.cutout() * Math.min(image.width(), image.height()));
    return side == 0
        ? changed
        : cutout(
            changed,
            image.width() * random.nextDouble(),
            image.height() * random.nextDouble(),
            side);
  }

  /**
   * @param strength 1 to 10
   * @param negative the other direction, where there are two
   */
  static DecodedImage apply(
      Operation operation, DecodedImage image, int strength, boolean negative) {
    double enhance = strength * ENHANCE_MAX / STRENGTHS + ENHANCE_MIN;
    double shift = (negative ? -1 : 1) * (strength * SHIFT_MAX / STRENGTHS);
    return switch (operation) {
      case AUTO_CONTRAST -> PixelTables.autoContrast(image);
      case BRIGHTNESS -> Blends.brightness(image, enhance);
      case COLOR -> Blends.color(image, enhance);
      case CONTRAST -> Blends.contrast(image, enhance);
      case EQUALIZE -> PixelTables.equalize(image);
      case IDENTITY -> image;
      case POSTERIZE ->
          PixelTables.posterize(image, strength * POSTERIZE_MAX / STRENGTHS + POSTERIZE_MIN);
      case ROTATE ->
          AffineTransforms.rotate(image, (negative ? -1 : 1) * (strength * ROTATE_MAX / STRENGTHS));
      case SHARPNESS -> Blends.sharpness(image, enhance);
      case SHEAR_X -> AffineTransforms.of(image, 1, shift, 0, 0, 1, 0);
      case SHEAR_Y -> AffineTransforms.of(image, 1, 0, 0, shift, 1, 0);
      case SOLARIZE -> PixelTables.solarize(image, 256 - strength * SOLARIZE_MAX / STRENGTHS);
      case TRANSLATE_X -> AffineTransforms.of(image, 1, 0, (int) (shift * image.width()), 0, 1, 0);
      case TRANSLATE_Y -> AffineTransforms.of(image, 1, 0, 0, 0, 1, (int) (shift * image.height()));
    };
  }

  /**
   * A grey square, cut off at the edges. As with Pillow's rectangle both ends count, so it covers
   * one pixel more than its side.
   *
   * @param x of its centre
   */
  static DecodedImage cutout(DecodedImage image, double x, double y, int side) {
    int left = (int) Math.max(0, x - side / 2.0);
    int top = (int) Math.max(0, y - side / 2.0);
    int right = Math.min(image.width() - 1, left + side);
    int bottom = Math.min(image.height() - 1, top + side);
    byte[] rgb = image.rgb().clone();
    for (int row = top; row <= bottom; row++) {
      int start = 3 * (row * image.width() + left);
      java.util.Arrays.fill(rgb, start, start + 3 * (right - left + 1), AffineTransforms.GREY);
    }
    return new DecodedImage(image.width(), image.height(), rgb);
  }
}
