package io.github.lsgspark.dataset.image;

import java.awt.image.Raster;

/**
 * CMYK to RGB without a colour profile: R = (255 - C)(255 - K) / 255. In JPEG files 255 is no ink,
 * as Adobe began to store it and all readers take it.
 */
final class Cmyk {
  private Cmyk() {}

  /**
   * @param raster four bands as stored in a JPEG file
   * @param ycck whether the first three are the YCbCr of the inks
   */
  static byte[] ofJpeg(Raster raster, boolean ycck) {
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
        if (ycck) {
          int luma = a;
          double cb = b - 128.0;
          double cr = c - 128.0;
          a = 255 - clip(luma + 1.402 * cr);
          b = 255 - clip(luma - 0.344136 * cb - 0.714136 * cr);
          c = 255 - clip(luma + 1.772 * cb);
        }
        int white = row[4 * x + 3];
        rgb[at++] = (byte) scaled(a, white);
        rgb[at++] = (byte) scaled(b, white);
        rgb[at++] = (byte) scaled(c, white);
      }
    }
    return rgb;
  }

  /**
   * @param raster four bands of which 255 is full ink, as in TIFF files
   */
  static byte[] toRgb(Raster raster) {
    int width = raster.getWidth();
    byte[] rgb = new byte[3 * width * raster.getHeight()];
    int[] row = new int[raster.getNumBands() * width];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int x = 0; x < width; x++) {
        int ink = raster.getNumBands() * x;
        for (int c = 0; c < 3; c++) {
          rgb[at++] = (byte) scaled(255 - row[ink + c], 255 - row[ink + 3]);
        }
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
