package io.github.lsgspark.dataset;

/** Separable bilinear resampling of a rectangle of an image, antialiased when it shrinks. */
final class Resampler {
  private Resampler() {}

  /**
   * @param x left edge of the rectangle in pixels; fractions count
   * @return [height, width, 3] values 0..255, not rounded
   */
  static float[] resize(
      DecodedImage image,
      double x,
      double y,
      double boxWidth,
      double boxHeight,
      int width,
      int height) {
    Taps across = Taps.of(x, boxWidth, width, image.width());
    Taps down = Taps.of(y, boxHeight, height, image.height());
    int firstRow = down.first();
    int rows = down.last() - firstRow + 1;
    float[] middle = new float[rows * width * 3];
    byte[] rgb = image.rgb();
    for (int row = 0; row < rows; row++) {
      int source = (firstRow + row) * image.width();
      for (int i = 0; i < width; i++) {
        float r = 0;
        float g = 0;
        float b = 0;
        for (int k = 0; k < across.counts[i]; k++) {
          float weight = across.weights[i][k];
          int at = 3 * (source + across.starts[i] + k);
          r += weight * (rgb[at] & 0xFF);
          g += weight * (rgb[at + 1] & 0xFF);
          b += weight * (rgb[at + 2] & 0xFF);
        }
        int to = 3 * (row * width + i);
        middle[to] = r;
        middle[to + 1] = g;
        middle[to + 2] = b;
      }
    }
    float[] result = new float[3 * width * height];
    for (int j = 0; j < height; j++) {
      int to = 3 * j * width;
      for (int k = 0; k < down.counts[j]; k++) {
        float weight = down.weights[j][k];
        int from = 3 * (down.starts[j] + k - firstRow) * width;
        for (int i = 0; i < 3 * width; i++) {
          result[to + i] += weight * middle[from + i];
        }
      }
    }
    return result;
  }

  /** For each output position, which input positions count and how much. */
  private record Taps(int[] starts, int[] counts, float[][] weights) {
    static Taps of(double start, double length, int outputs, int inputs) {
      double scale = length / outputs;
      double support = Math.max(1, scale);
      int[] starts = new int[outputs];
      int[] counts = new int[outputs];
      float[][] weights = new float[outputs][];
      for (int i = 0; i < outputs; i++) {
        double centre = start + (i + 0.5) * scale;
        int low = Math.max(0, (int) (centre - support + 0.5));
        int high = Math.min(inputs, (int) (centre + support + 0.5));
        if (high <= low) {
          low = Math.min(inputs - 1, Math.max(0, (int) centre));
          high = low + 1;
        }
        float[] own = new float[high - low];
        float sum = 0;
        for (int k = 0; k < own.length; k++) {
          own[k] = (float) Math.max(0, 1 - Math.abs((low + k - centre + 0.5) / support));
          sum += own[k];
        }
        for (int k = 0; k < own.length; k++) {
          own[k] = sum > 0 ? own[k] / sum : 1f / own.length;
        }
        starts[i] = low;
        counts[i] = own.length;
        weights[i] = own;
      }
      return new Taps(starts, counts, weights);
    }

    int first() {
      int first = Integer.MAX_VALUE;
      for (int start : starts) {
        first = Math.min(first, start);
      }
      return first;
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
