package io.github.lsgspark.backbone;

import io.github.lsgspark.torch.HostArray;

/**
 * Resamples the learned positions of a vision transformer for pictures of another size, as timm
 * does: bicubic (Keys 1981, a = -1/2), antialiased when the grid shrinks; the class token's
 * position stays.
 */
final class PositionGrid {
  private static final double SUPPORT = 2;

  private PositionGrid() {}

  /**
   * Embeddings of positions on a grid of another size.
   *
   * @param positions [1, 1 + g², d]: the class token's, then a square grid row by row
   * @param rows of the grid that is wanted
   * @param columns likewise
   * @return [1, 1 + rows columns, d]; the array as it is if its grid is no square
   */
  static HostArray resampled(HostArray positions, int rows, int columns) {
    int from = (int) Math.round(Math.sqrt(positions.shape()[1] - 1.0));
    if (1 + (long) from * from != positions.shape()[1]) {
      return positions;
    }
    int d = (int) positions.shape()[2];
    if (positions.isOutline()) {
      return HostArray.outline(positions.dtype(), 1, 1 + (long) rows * columns, d);
    }
    float[] source = positions.floats();
    double[][] down = weights(from, rows);
    double[][] across = weights(from, columns);
    double[] lines = new double[rows * from * d];
    for (int y = 0; y < rows; y++) {
      for (int row = 0; row < from; row++) {
        for (int i = 0; i < from * d; i++) {
          lines[y * from * d + i] += down[y][row] * source[d + row * from * d + i];
        }
      }
    }
    float[] result = new float[(1 + rows * columns) * d];
    System.arraycopy(source, 0, result, 0, d);
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < columns; x++) {
        for (int i = 0; i < d; i++) {
          double sum = 0;
          for (int column = 0; column < from; column++) {
            sum += across[x][column] * lines[(y * from + column) * d + i];
          }
          result[d + (y * columns + x) * d + i] = (float) sum;
        }
      }
    }
    return HostArray.of(result, 1, 1 + (long) rows * columns, d);
  }

  /** How much each old place counts for each new one; rows add up to one. */
  private static double[][] weights(int from, int to) {
    double step = (double) from / to;
    double stretch = Math.max(1, step);
    double[][] weights = new double[to][from];
    for (int place = 0; place < to; place++) {
      double centre = (place + 0.5) * step;
      double sum = 0;
      for (int old = 0; old < from; old++) {
        weights[place][old] = cubic((old + 0.5 - centre) / stretch);
        sum += weights[place][old];
      }
      for (int old = 0; old < from; old++) {
        weights[place][old] /= sum;
      }
    }
    return weights;
  }

  private static double cubic(double distance) {
    double x = Math.abs(distance);
    if (x >= SUPPORT) {
      return 0;
    }
    return x < 1 ? (1.5 * x - 2.5) * x * x + 1 : ((-0.5 * x + 2.5) * x - 4) * x + 2;
  }
}
