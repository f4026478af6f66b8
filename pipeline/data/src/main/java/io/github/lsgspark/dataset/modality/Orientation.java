package io.github.lsgspark.dataset.modality;

/** Turns pictures upright, by EXIF's numbers of orientations (1 to 8). */
public final class Orientation {
  private Orientation() {}

  /** The image upright, where it lies as an orientation of 1 to 8 says. */
  public static DecodedImage apply(DecodedImage image, int orientation) {
    if (orientation < 2 || orientation > 8) {
      return image;
    }
    boolean swapped = orientation >= 5;
    int width = swapped ? image.height() : image.width();
    int height = swapped ? image.width() : image.height();
    byte[] rgb = new byte[image.rgb().length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int sourceX = swapped ? y : x;
        int sourceY = swapped ? x : y;
        boolean mirrorX =
            orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
        boolean mirrorY =
            orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
        if (mirrorX) {
          sourceX = image.width() - 1 - sourceX;
        }
        if (mirrorY) {
          sourceY = image.height() - 1 - sourceY;
        }
        System.arraycopy(
            image.rgb(), 3 * (sourceY * image.width() + sourceX), rgb, 3 * (y * width + x), 3);
      }
    }
    return new DecodedImage(width, height, rgb);
  }
}
