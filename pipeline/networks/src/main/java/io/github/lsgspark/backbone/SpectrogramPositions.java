package io.github.lsgspark.backbone;

import io.github.lsgspark.torch.HostArray;

/**
 * Fits the learned positions of an audio spectrogram transformer to another grid as its authors do:
 * along each side, fewer places are cut from the middle and more are interpolated linearly (half
 * pixels are centres); the positions of the two tokens stay.
 */
final class SpectrogramPositions {

  /** Patches over 128 bands, which published files have. */
  private static final int PUBLISHED_ROWS = 12;

  private static final int TOKENS = 2;

  private SpectrogramPositions() {}

  /**
   * Embeddings of positions for a spectrogram of another size.
   *
   * @param positions [1, 2 + f t, d]: a grid of f rows over the bands, row by row; f is 12, or
   *     {@code rows} where 12 does not divide it
   * @return [1, 2 + rows columns, d]; the array as it is if its grid is neither
   */
  static HostArray fitted(HostArray positions, int rows, int columns) {
    int d = (int) positions.shape()[2];
    int places = (int) positions.shape()[1] - TOKENS;
    int fromRows = places % PUBLISHED_ROWS == 0 ? PUBLISHED_ROWS : rows;
    if (places <= 0 || places % fromRows != 0) {
      return positions;
    }
    if (positions.isOutline()) {
      return HostArray.outline(positions.dtype(), 1, TOKENS + (long) rows * columns, d);
    }
    int fromColumns = places / fromRows;
    float[] source = positions.floats();
    float[] result = new float[(TOKENS + rows * columns) * d];
    System.arraycopy(source, 0, result, 0, TOKENS * d);
    for (int y = 0; y < rows; y++) {
      Between row = Between.of(y, fromRows, rows);
      for (int x = 0; x < columns; x++) {
        Between column = Between.of(x, fromColumns, columns);
        for (int i = 0; i < d; i++) {
          double lower = 0;
          double upper = 0;
          int at = TOKENS * d + i;
          lower += (1 - column.upper) * source[at + (row.first * fromColumns + column.first) * d];
          lower += column.upper * source[at + (row.first * fromColumns + column.second) * d];
          upper += (1 - column.upper) * source[at + (row.second * fromColumns + column.first) * d];
          upper += column.upper * source[at + (row.second * fromColumns + column.second) * d];
          result[at + (y * columns + x) * d] =
              (float) ((1 - row.upper) * lower + row.upper * upper);
        }
      }
    }
    return HostArray.of(result, 1, TOKENS + (long) rows * columns, d);
  }

  /**
   * Two neighbouring old places and the weight of the second.
   *
   * @param upper from 0 to 1
   */
  private record Between(int first, int second, double upper) {

    static Between of(int place, int from, int to) {
      if (to <= from) {
        int cut = from / 2 - to / 2 + place;
        return new Between(cut, cut, 0);
      }
      double old = Math.max(0, (place + 0.5) * from / to - 0.5);
      int first = (int) old;
      return new Between(first, Math.min(first + 1, from - 1), old - first);
    }
  }
}
