package io.github.lsgspark.dataset.image;

import io.github.lsgspark.dataset.modality.DecodedImage;

/** Pillow's {@code ImageOps} that replace each value by a table. */
final class PixelTables {
  private static final int VALUES = 256;

  private PixelTables() {}

  /** Stretches each colour to 0..255. */
  static DecodedImage autoContrast(DecodedImage image) {
    int[][] counts = histograms(image);
    byte[][] tables = new byte[3][];
    for (int c = 0; c < 3; c++) {
      int low = 0;
      while (low < VALUES - 1 && counts[c][low] == 0) {
        low++;
      }
      int high = VALUES - 1;
      while (high > 0 && counts[c][high] == 0) {
        high--;
      }
      tables[c] = identity();
      if (high > low) {
        double scale = 255.0 / (high - low);
        double offset = -low * scale;
        for (int value = 0; value < VALUES; value++) {
          tables[c][value] = clip((int) (value * scale + offset));
        }
      }
    }
    return mapped(image, tables);
  }

  /** Spreads each colour so that its values are about equally frequent. */
  static DecodedImage equalize(DecodedImage image) {
    int[][] counts = histograms(image);
    byte[][] tables = new byte[3][];
    for (int c = 0; c < 3; c++) {
      int highest = VALUES - 1;
      while (highest > 0 && counts[c][highest] == 0) {
        highest--;
      }
      int step = (image.width() * image.height() - counts[c][highest]) / 255;
      tables[c] = identity();
      if (step > 0) {
        int sum = step / 2;
        for (int value = 0; value < VALUES; value++) {
          tables[c][value] = clip(sum / step);
          sum += counts[c][value];
        }
      }
    }
    return mapped(image, tables);
  }

  /** Keeps the highest bits of each value. */
  static DecodedImage posterize(DecodedImage image, int bits) {
    byte[] table = identity();
    for (int value = 0; value < VALUES; value++) {
      table[value] &= (byte) -(1 << (8 - bits));
    }
    return mapped(image, table, table, table);
  }

  /** Inverts values from a threshold on. */
  static DecodedImage solarize(DecodedImage image, int threshold) {
    byte[] table = identity();
    for (int value = Math.max(0, threshold); value < VALUES; value++) {
      table[value] = (byte) (255 - value);
    }
    return mapped(image, table, table, table);
  }

  private static byte[] identity() {
    byte[] table = new byte[VALUES];
    for (int value = 0; value < VALUES; value++) {
      table[value] = (byte) value;
    }
    return table;
  }

  private static int[][] histograms(DecodedImage image) {
    int[][] counts = new int[3][VALUES];
    byte[] rgb = image.rgb();
    for (int i = 0; i < rgb.length; i += 3) {
      counts[0][rgb[i] & 0xFF]++;
      counts[1][rgb[i + 1] & 0xFF]++;
      counts[2][rgb[i + 2] & 0xFF]++;
    }
    return counts;
  }

  private static DecodedImage mapped(DecodedImage image, byte[]... tables) {
    byte[] rgb = image.rgb();
    byte[] result = new byte[rgb.length];
    for (int i = 0; i < rgb.length; i += 3) {
      result[i] = tables[0][rgb[i] & 0xFF];
      result[i + 1] = tables[1][rgb[i + 1] & 0xFF];
      result[i + 2] = tables[2][rgb[i + 2] & 0xFF];
    }
    return new DecodedImage(image.width(), image.height(), result);
  }

  private static byte clip(int value) {
    return (byte) Math.max(0, Math.min(255, value));
  }
}
