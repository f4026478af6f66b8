package io.github.lsgspark.graph.search;

import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Tensor;

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
      Tensor rows, Tensor columns, boolean upperOnly, Consumer<Piece> visitor) {
    int n = (int) rows.size(0);
    int m = (int) columns.size(0);
    for (int row = 0; row < n; row += PIECE) {
      int height = Math.min(PIECE, n - row);
      for (int column = upperOnly ? row : 0; column < m; column += PIECE) {
        int width = Math.min(PIECE, m - column);
        visitor.accept(
            new Piece(
                row,
                height,
                column,
                width,
                product(Ops.narrow(rows, 0, row, height), Ops.narrow(columns, 0, column, width))));
      }
    }
  }

  private static float[] product(Tensor rows, Tensor columns) {
    try (TensorScope scope = new TensorScope()) {
      return Tensors.floats(Ops.matmul(rows, Ops.transpose(columns, 0, 1)));
    }
  }

  /** The unit vectors of a block [count, D]. */
  static Tensor unit(VectorBlock block) {
    return Tensors.of(block.unitFloats(), block.count(), block.dimension());
  }

  /** The unit vectors of any nodes [n, D], which are taken from block after block. */
  static Tensor unit(NodeBlocks nodes, int[] ascending) {
    int d = nodes.dimension();
    float[] unit = new float[ascending.length * d];
    VectorBlock block = nodes.block(0);
    for (int row = 0; row < ascending.length; row++) {
      if (ascending[row] >= block.end()) {
        block = nodes.block(nodes.blockOf(ascending[row]));
      }
      block.copyUnit(ascending[row], unit, row * d);
    }
    return Tensors.of(unit, ascending.length, d);
  }
}
