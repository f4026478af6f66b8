package io.github.lsgspark.dataset.image;

import java.awt.image.Raster;

/** CMYK to RGB without a colour profile: R = (255 - C)(255 - K) / 255. Adobe stores it inverted. */
final class Cmyk {
  private Cmyk() {}

  /**
   * @param raster four bands as stored
   * @param adobeTransform see {@link JpegMarkers#adobeTransform}
   */
  static byte[] toRgb(Raster raster, int adobeTransform) {
    int width = raster.getWidth();
    byte[] rgb = new byte[3 * width * raster.getHeight()];
    int[] row = new int[4 * width];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int x = 0; x < width; x++) {
        int a = row[4 * x];
        int b = row[4 * x + 1];
        int c = row[4 * x + 2];
        if (adobeTransform == 2) {
          int luma = a;
          double cb = b - 128.0;
          double cr = c - 128.0;
          a = clip(luma + 1.402 * cr);
          b = clip(luma - 0.344136 * cb - 0.714136 * cr);
          c = clip(luma + 1.772 * cb);
        }
        int k = row[4 * x + 3];
        boolean inverted = adobeTransform >= 0;
        int white = inverted ? k : 255 - k;
        rgb[at++] = (byte) scaled(inverted ? a : 255 - a, white);
        rgb[at++] = (byte) scaled(inverted ? b : 255 - b, white);
        rgb[at++] = (byte) scaled(inverted ? c : 255 - c, white);
      }
    }
    return rgb;
  }

  private static int scaled(int value, int white) {
    return white - (int) Math.round((255 - value) * white / 255.0);
  }

  private static int clip(double value) {
    return (int) Math.max(0, Math.min(255, Math.round(value)));
  }
}
