package io.github.lsgspark.dataset.image;

/** The facts of a JPEG header that Java's reader does not tell. */
final class JpegMarkers {
  private static final int APP14 = 0xEE;
  private static final int SCAN = 0xDA;
  private static final int END = 0xD9;

  private JpegMarkers() {}

  /** Number of colour components; 0 if the header does not say. */
  static int components(byte[] file) {
    for (int at = 2; at + 9 < file.length && (file[at] & 0xFF) == 0xFF; at = next(file, at)) {
      int marker = file[at + 1] & 0xFF;
      boolean frame =
          marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
      if (frame) {
        return file[at + 9] & 0xFF;
      }
    }
    return 0;
  }

  /** Adobe's colour transform: 0 none, 1 YCbCr, 2 YCCK; -1 without Adobe's marker. */
  static int adobeTransform(byte[] file) {
    for (int at = 2; at + 15 < file.length && (file[at] & 0xFF) == 0xFF; at = next(file, at)) {
      boolean adobe = (file[at + 1] & 0xFF) == APP14 && file[at + 4] == 'A' && file[at + 5] == 'd';
      if (adobe) {
        return file[at + 15] & 0xFF;
      }
    }
    return -1;
  }

  /** Whether the end-of-image marker follows the pixels; inside them it cannot occur. */
  static boolean isWhole(byte[] file) {
    int at = 2;
    while (at + 3 < file.length && (file[at] & 0xFF) == 0xFF && (file[at + 1] & 0xFF) != SCAN) {
      at = next(file, at);
    }
    for (int i = at; i + 1 < file.length; i++) {
      if ((file[i] & 0xFF) == 0xFF && (file[i + 1] & 0xFF) == END) {
        return true;
      }
    }
    return false;
  }

  private static int next(byte[] file, int at) {
    return at + 2 + ((file[at + 2] & 0xFF) << 8 | (file[at + 3] & 0xFF));
  }
}
