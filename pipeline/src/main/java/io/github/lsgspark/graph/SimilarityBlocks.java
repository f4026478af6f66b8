package io.github.lsgspark.graph;

import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * The similarity matrix of all nodes, cut into square blocks that executors compute when they need
 * them. Only blocks on and above the diagonal exist; the lower half is their mirror, so the matrix
 * is exactly symmetric. All arithmetic is double. A task holds one block, never N² values.
 */
final class SimilarityBlocks implements Serializable {
  private static final long serialVersionUID = 1L;

  /** What a pair of nodes is compared by. */
  enum Measure {
    /** Cosine of the angle; the diagonal is exactly 1. */
    COSINE,
    /** exp(-|x_i - x_j|) of the raw vectors, as gen_A3. */
    EXP_EUCLIDEAN
  }

  /** Sees every pair i <= j of a block with its similarity. */
  interface PairVisitor {
    void visit(int i, int j, double similarity);
  }

  /** Rows [rowStart, rowEnd) against columns [columnStart, columnEnd). */
  record Block(int rowStart, int rowEnd, int columnStart, int columnEnd) implements Serializable {}

  private final transient JavaSparkContext spark;
  private final Broadcast<NodeVectors> vectors;
  private final Measure measure;
  private final int blockRows;

  SimilarityBlocks(
      JavaSparkContext spark, Broadcast<NodeVectors> vectors, Measure measure, int blockRows) {
    this.spark = spark;
    this.vectors = vectors;
    this.measure = measure;
    this.blockRows = blockRows;
  }

  NodeVectors vectors() {
    return vectors.value();
  }

  /** One element per block on or above the diagonal. */
  JavaRDD<Block> blocks() {
    int count = vectors().count();
    List<Block> blocks = new ArrayList<>();
    for (int row = 0; row < count; row += blockRows) {
      for (int column = row; column < count; column += blockRows) {
        blocks.add(
            new Block(
                row,
                Math.min(count, row + blockRows),
                column,
                Math.min(count, column + blockRows)));
      }
    }
    int partitions = Math.min(blocks.size(), 4 * spark.defaultParallelism());
    return spark.parallelize(blocks, Math.max(1, partitions));
  }

  /** Shows all pairs i <= j of a block to the visitor; runs on an executor. */
  void visit(Block block, PairVisitor visitor) {
    NodeVectors nodes = vectors.value();
    double[] values =
        measure == Measure.COSINE ? cosines(nodes, block) : expDistances(nodes, block);
    int width = block.columnEnd - block.columnStart;
    for (int i = block.rowStart; i < block.rowEnd; i++) {
      for (int j = Math.max(i, block.columnStart); j < block.columnEnd; j++) {
        double similarity =
            i == j ? 1.0 : values[(i - block.rowStart) * width + (j - block.columnStart)];
        visitor.visit(i, j, similarity);
      }
    }
  }

  private static double[] cosines(NodeVectors nodes, Block block) {
    try (TensorScope scope = new TensorScope()) {
      int d = nodes.dimension();
      double[] rows = Arrays.copyOfRange(nodes.unit(), block.rowStart * d, block.rowEnd * d);
      double[] columns =
          Arrays.copyOfRange(nodes.unit(), block.columnStart * d, block.columnEnd * d);
      return Tensors.doubles(
          Ops.matmul(
              Tensors.of(rows, block.rowEnd - block.rowStart, d),
              Tensors.of(columns, block.columnEnd - block.columnStart, d).t()));
    }
  }

  private static double[] expDistances(NodeVectors nodes, Block block) {
    int d = nodes.dimension();
    double[] raw = nodes.raw();
    int width = block.columnEnd - block.columnStart;
    double[] values = new double[(block.rowEnd - block.rowStart) * width];
    for (int i = block.rowStart; i < block.rowEnd; i++) {
      for (int j = Math.max(i, block.columnStart); j < block.columnEnd; j++) {
        double squares = 0;
        for (int k = 0; k < d; k++) {
          double difference = raw[i * d + k] - raw[j * d + k];
          squares += difference * difference;
        }
        values[(i - block.rowStart) * width + (j - block.columnStart)] =
            Math.exp(-Math.sqrt(squares));
      }
    }
    return values;
  }
}
