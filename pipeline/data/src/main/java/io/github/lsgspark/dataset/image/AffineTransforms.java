package io.github.lsgspark.dataset.image;

import io.github.lsgspark.dataset.modality.DecodedImage;
import java.util.Arrays;

/**
 * Pillow's affine transform with the nearest pixel; what comes from outside the picture is grey.
 */
final class AffineTransforms {
  static final byte GREY = 127;

  private static final int ONE = 1 << 16;

  private AffineTransforms() {}

  /** Turned counter-clockwise about its centre by whole degrees. */
  static DecodedImage rotate(DecodedImage image, int degrees) {
    double angle = Math.toRadians(-degrees);
    double cos = Math.rint(Math.cos(angle) * 1e15) / 1e15;
    double sin = Math.rint(Math.sin(angle) * 1e15) / 1e15;
    double x = image.width() / 2.0;
    double y = image.height() / 2.0;
    return of(image, cos, sin, x - cos * x - sin * y, -sin, cos, y + sin * x - cos * y);
  }

  /**
   * Pixel (x, y) of the result is that at (a x + b y + c, d x + e y + f), taken at the centres of
   * pixels, in 16-bit fractions.
   */
  static DecodedImage of(
      DecodedImage image, double a, double b, double c, double d, double e, double f) {
    int width = image.width();
    int height = image.height();
    byte[] rgb = image.rgb();
    byte[] result = new byte[rgb.length];
    Arrays.fill(result, GREY);
    int rowX = fixed(c + a * 0.5 + b * 0.5);
    int rowY = fixed(f + d * 0.5 + e * 0.5);
    int acrossX = fixed(a);
    int acrossY = fixed(d);
    int to = 0;
    for (int row = 0; row < height; row++) {
      int x = rowX;
      int y = rowY;
      for (int i = 0; i < width; i++) {
        int fromX = x >> 16;
        int fromY = y >> 16;
        if (fromX >= 0 && fromX < width && fromY >= 0 && fromY < height) {
          int from = 3 * (fromY * width + fromX);
          result[to] = rgb[from];
          result[to + 1] = rgb[from + 1];
          result[to + 2] = rgb[from + 2];
        }
        to += 3;
        x += acrossX;
        y += acrossY;
      }
      rowX += fixed(b);
      rowY += fixed(e);
    }
    return new DecodedImage(width, height, result);
  }

  private static int fixed(double value) {
    return (int) Math.floor(value * ONE + 0.5);
  }
}
