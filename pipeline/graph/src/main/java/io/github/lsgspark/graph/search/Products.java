package io.github.lsgspark.graph.search;

import java.util.function.Consumer;

/** Cosines of two sets of unit vectors in float32, a piece of the matrix at a time. */
final class Products {
  /** Rows and columns of a piece at most: its 4 MiB stay in the cache. */
  private static final int PIECE = 1024;

  private Products() {}

  /**
   * A piece of the matrix.
   *
   * @param row of the matrix, its first
   * @param column of the matrix, its first
   * @param cosines row-major [height, width]
   */
  record Piece(int row, int height, int column, int width, float[] cosines) {

    /** Offers every cosine to its row, and none of a node with itself. */
    void offerToRows(TopCandidates rows, int[] rowNodes, int firstColumnNode) {
      for (int i = 0; i < height; i++) {
        float bar = rows.bar(row + i);
        for (int j = 0, at = i * width; j < width; j++, at++) {
          int node = firstColumnNode + column + j;
          if (cosines[at] > bar && node != rowNodes[row + i]) {
            rows.offer(row + i, node, cosines[at]);
            bar = rows.bar(row + i);
          }
        }
      }
    }

    /** Offers every cosine to its row and to its column, which are of different nodes. */
    void offerToBoth(
        TopCandidates rows, int firstRowNode, TopCandidates columns, int firstColumnNode) {
      float[] bars = new float[width];
      for (int j = 0; j < width; j++) {
        bars[j] = columns.bar(column + j);
      }
      for (int i = 0; i < height; i++) {
        float bar = rows.bar(row + i);
        for (int j = 0, at = i * width; j < width; j++, at++) {
          float cosine = cosines[at];
          if (cosine > bar) {
            rows.offer(row + i, firstColumnNode + column + j, cosine);
            bar = rows.bar(row + i);
          }
          if (cosine > bars[j]) {
            columns.offer(column + j, firstRowNode + row + i, cosine);
            bars[j] = columns.bar(column + j);
          }
        }
      }
    }
  }

  /**
   * Shows the whole matrix, or only pieces on and above its diagonal.
   *
   * @param rows [n, D]
   * @param columns [m, D]
   */
  static void forEachPiece(
      BlockProduct.Rows rows,
      int n,
      BlockProduct.Rows columns,
      int m,
      boolean upperOnly,
      Consumer<Piece> visitor) {
    for (int row = 0; row < n; row += PIECE) {
      int height = Math.min(PIECE, n - row);
      for (int column = upperOnly ? row : 0; column < m; column += PIECE) {
        int width = Math.min(PIECE, m - column);
        float[] cosines = rows.times(row, height, columns, column, width);
        visitor.accept(new Piece(row, height, column, width, cosines));
      }
    }
  }

  /** The unit vectors of a block [count, D]. */
  static BlockProduct.Rows unit(VectorBlock block) {
    return BlockProduct.get().rows(block.unitFloats(), block.count(), block.dimension());
  }

  /** The unit vectors of any nodes [n, D], which are taken from block after block. */
  static BlockProduct.Rows unit(NodeBlocks nodes, int[] ascending) {
    int d = nodes.dimension();
    float[] unit = new float[ascending.length * d];
    VectorBlock block = nodes.block(0);
    for (int row = 0; row < ascending.length; row++) {
      if (ascending[row] >= block.end()) {
        block = nodes.block(nodes.blockOf(ascending[row]));
      }
      block.copyUnit(ascending[row], unit, row * d);
    }
    return BlockProduct.get().rows(unit, ascending.length, d);
  }
}
