package io.github.lsgspark.dataset.image;

import io.github.lsgspark.config.PixelSpec.Interpolation;
import io.github.lsgspark.dataset.modality.DecodedImage;

/**
 * Separable resampling of a rectangle of an image, antialiased when it shrinks. Rows are summed
 * first, columns second: only the rows that one output row needs are held as floats.
 */
public final class Resampler {
  private Resampler() {}

  /** The whole image at another size, rounded to bytes. */
  public static DecodedImage resized(DecodedImage image, int width, int height) {
    byte[] bytes = new byte[3 * width * height];
    resize(
        image,
        new Crop(0, 0, image.width(), image.height(), false),
        width,
        height,
        Interpolation.BILINEAR,
        (y, rgb) -> {
          for (int i = 0; i < rgb.length; i++) {
            bytes[3 * y * width + i] = (byte) Math.min(255, (int) (rgb[i] + 0.5f));
          }
        });
    return new DecodedImage(width, height, bytes);
  }

  /** Takes the resampled image row by row, from the top. */
  interface Rows {
    /**
     * Takes a row.
     *
     * @param rgb values 0..255 of one row, not rounded; overwritten by the next row
     */
    void row(int y, float[] rgb);
  }

  /**
   * @param crop the rectangle in pixels; fractions count. It is not mirrored here
   */
  static void resize(
      DecodedImage image,
      Crop crop,
      int width,
      int height,
      Interpolation interpolation,
      Rows rows) {
    Taps across = Taps.of(crop.x(), crop.width(), width, image.width(), interpolation);
    Taps down = Taps.of(crop.y(), crop.height(), height, image.height(), interpolation);
    int first = 3 * across.first();
    int length = 3 * (across.last() + 1) - first;
    float[][] ring = new float[down.most()][length];
    float[] column = new float[length];
    float[] row = new float[3 * width];
    int read = down.first();
    for (int j = 0; j < height; j++) {
      int end = down.starts[j] + down.counts[j];
      for (; read < end; read++) {
        widen(image.rgb(), 3 * read * image.width() + first, ring[read % ring.length]);
      }
      sumRows(ring, down, j, column);
      sumColumns(column, first, across, row);
      if (interpolation == Interpolation.BICUBIC) {
        clamp(row);
      }
      rows.row(j, row);
    }
  }

  /** Cubic convolution overshoots at edges. */
  private static void clamp(float[] row) {
    for (int i = 0; i < row.length; i++) {
      row[i] = Math.min(255, Math.max(0, row[i]));
    }
  }

  private static void widen(byte[] bytes, int from, float[] floats) {
    for (int i = 0; i < floats.length; i++) {
      floats[i] = bytes[from + i] & 0xFF;
    }
  }

  private static void sumRows(float[][] ring, Taps down, int output, float[] sum) {
    for (int k = 0; k < down.counts[output]; k++) {
      float weight = down.weights[output * down.most() + k];
      float[] row = ring[(down.starts[output] + k) % ring.length];
      if (k == 0) {
        for (int i = 0; i < sum.length; i++) {
          sum[i] = weight * row[i];
        }
      } else {
        for (int i = 0; i < sum.length; i++) {
          sum[i] += weight * row[i];
        }
      }
    }
  }

  private static void sumColumns(float[] column, int first, Taps across, float[] row) {
    float[] weights = across.weights;
    int most = across.most();
    for (int i = 0; i < across.starts.length; i++) {
      float r = 0;
      float g = 0;
      float b = 0;
      int at = 3 * across.starts[i] - first;
      int last = i * most + across.counts[i];
      for (int k = i * most; k < last; k++, at += 3) {
        float weight = weights[k];
        r += weight * column[at];
        g += weight * column[at + 1];
        b += weight * column[at + 2];
      }
      row[3 * i] = r;
      row[3 * i + 1] = g;
      row[3 * i + 2] = b;
    }
  }

  /**
   * For each output position, which input positions count and how much.
   *
   * @param weights {@code most} per output
   * @param most the largest of the counts
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record Taps(int[] starts, int[] counts, float[] weights, int most) {
    static Taps of(
        double start, double length, int outputs, int inputs, Interpolation interpolation) {
      boolean cubic = interpolation == Interpolation.BICUBIC;
      double scale = length / outputs;
      double stretch = Math.max(1, scale);
      double support = cubic ? 2 * stretch : stretch;
      int most = (int) Math.ceil(2 * support) + 1;
      int[] starts = new int[outputs];
      int[] counts = new int[outputs];
      float[] weights = new float[outputs * most];
      for (int i = 0; i < outputs; i++) {
        double centre = start + (i + 0.5) * scale;
        int low = Math.max(0, (int) (centre - support + 0.5));
        int high = Math.min(inputs, (int) (centre + support + 0.5));
        if (high <= low) {
          low = Math.min(inputs - 1, Math.max(0, (int) centre));
          high = low + 1;
        }
        int count = high - low;
        int at = i * most;
        float sum = 0;
        for (int k = 0; k < count; k++) {
          double distance = Math.abs((low + k - centre + 0.5) / stretch);
          weights[at + k] = (float) (cubic ? cubic(distance) : Math.max(0, 1 - distance));
          sum += weights[at + k];
        }
        for (int k = 0; k < count; k++) {
          weights[at + k] = sum > 0 ? weights[at + k] / sum : 1f / count;
        }
        starts[i] = low;
        counts[i] = count;
      }
      return new Taps(starts, counts, weights, most);
    }

    /** Keys (1981) with a = -1/2. */
    private static double cubic(double x) {
      if (x >= 2) {
        return 0;
      }
      return x < 1 ? (1.5 * x - 2.5) * x * x + 1 : ((-0.5 * x + 2.5) * x - 4) * x + 2;
    }

    /** Starts never decrease. */
    int first() {
      return starts[0];
    }

    int last() {
      int last = 0;
      for (int i = 0; i < starts.length; i++) {
        last = Math.max(last, starts[i] + counts[i] - 1);
      }
      return last;
    }
  }
}
