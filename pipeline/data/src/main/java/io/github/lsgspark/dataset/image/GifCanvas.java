package io.github.lsgspark.dataset.image;

import java.awt.image.IndexColorModel;

/**
 * The screen of a GIF, on which its first picture may take only a part. The rest is of the
 * transparent colour or, without one, the first of the palette.
 */
record GifCanvas(int width, int height, int left, int top) {
  private static final int HEADER = 13;
  private static final int EXTENSION = 0x21;
  private static final int PICTURE = 0x2C;

  /**
   * @throws IndexOutOfBoundsException if the file ends before its first picture
   */
  static GifCanvas of(byte[] file) {
    int at = HEADER + palette(file[10]);
    while (file[at] == EXTENSION) {
      at += 2;
      while (file[at] != 0) {
        at += 1 + (file[at] & 0xFF);
      }
      at++;
    }
    boolean picture = file[at] == PICTURE;
    return new GifCanvas(
        number(file, 6),
        number(file, 8),
        picture ? number(file, at + 1) : 0,
        picture ? number(file, at + 3) : 0);
  }

  private static int palette(byte flags) {
    return (flags & 0x80) == 0 ? 0 : 3 << (flags & 7) + 1;
  }

  private static int number(byte[] file, int at) {
    return file[at] & 0xFF | (file[at + 1] & 0xFF) << 8;
  }

  /** Whether a picture of this size is all of the screen. */
  boolean isFilledBy(int pictureWidth, int pictureHeight) {
    return left == 0 && top == 0 && pictureWidth >= width && pictureHeight >= height;
  }

  /** The picture in its place; what lies beyond the screen is left out. */
  byte[] around(byte[] rgb, int pictureWidth, int pictureHeight, IndexColorModel palette) {
    int colour = palette.getRGB(Math.max(0, palette.getTransparentPixel()));
    byte[] screen = new byte[3 * width * height];
    for (int i = 0; i < screen.length; i += 3) {
      screen[i] = (byte) (colour >> 16);
      screen[i + 1] = (byte) (colour >> 8);
      screen[i + 2] = (byte) colour;
    }
    int columns = Math.min(pictureWidth, width - left);
    for (int y = 0; y < Math.min(pictureHeight, height - top) && columns > 0; y++) {
      System.arraycopy(
          rgb, 3 * y * pictureWidth, screen, 3 * ((top + y) * width + left), 3 * columns);
    }
    return screen;
  }
}
