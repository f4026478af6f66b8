package io.github.lsgspark.dataset.image;

import io.github.lsgspark.dataset.modality.DecodedImage;
import java.util.Arrays;

/**
 * Pillow's {@code ImageEnhance} for factors 0 to 1: the way from a degenerate picture (factor 0) to
 * the picture itself.
 */
final class Blends {
  private Blends() {}

  /** From black. */
  static DecodedImage brightness(DecodedImage image, double factor) {
    return blend(new byte[image.rgb().length], image, factor);
  }

  /** From grey levels. */
  static DecodedImage color(DecodedImage image, double factor) {
    byte[] rgb = image.rgb();
    byte[] grey = new byte[rgb.length];
    for (int i = 0; i < rgb.length; i += 3) {
      Arrays.fill(grey, i, i + 3, (byte) luma(rgb, i));
    }
    return blend(grey, image, factor);
  }

  /** From the mean grey level. */
  static DecodedImage contrast(DecodedImage image, double factor) {
    byte[] rgb = image.rgb();
    long sum = 0;
    for (int i = 0; i < rgb.length; i += 3) {
      sum += luma(rgb, i);
    }
    byte[] mean = new byte[rgb.length];
    Arrays.fill(mean, (byte) (int) (sum / (rgb.length / 3.0) + 0.5));
    return blend(mean, image, factor);
  }

  /** From the mean of each pixel, five times, and its neighbours; the border stays. */
  static DecodedImage sharpness(DecodedImage image, double factor) {
    byte[] rgb = image.rgb();
    byte[] smooth = rgb.clone();
    int line = 3 * image.width();
    for (int y = 1; y < image.height() - 1; y++) {
      for (int i = y * line + 3; i < (y + 1) * line - 3; i++) {
        int sum = 4 * (rgb[i] & 0xFF);
        for (int row = i - line; row <= i + line; row += line) {
          sum += (rgb[row - 3] & 0xFF) + (rgb[row] & 0xFF) + (rgb[row + 3] & 0xFF);
        }
        smooth[i] = (byte) ((2 * sum + 13) / 26);
      }
    }
    return blend(smooth, image, factor);
  }

  /** ITU-R 601-2, in 16-bit fractions. */
  private static int luma(byte[] rgb, int i) {
    return ((rgb[i] & 0xFF) * 19595
            + (rgb[i + 1] & 0xFF) * 38470
            + (rgb[i + 2] & 0xFF) * 7471
            + 0x8000)
        >> 16;
  }

  private static DecodedImage blend(byte[] from, DecodedImage image, double factor) {
    byte[] rgb = image.rgb();
    byte[] result = new byte[rgb.length];
    float alpha = (float) factor;
    for (int i = 0; i < rgb.length; i++) {
      int start = from[i] & 0xFF;
      result[i] = (byte) (start + alpha * ((rgb[i] & 0xFF) - start));
    }
    return new DecodedImage(image.width(), image.height(), result);
  }
}
