package io.github.lsgspark.graph;

import io.github.lsgspark.graph.search.BlockProduct;
import io.github.lsgspark.graph.search.NodeBlocks;
import io.github.lsgspark.graph.search.VectorBlock;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The similarity matrix of all nodes, cut into pairs of blocks that executors compute when they
 * need them. Only pairs on and above the diagonal exist; the lower half is their mirror, so the
 * matrix is exactly symmetric. All arithmetic is double. A task holds two blocks and one piece of
 * their products, never N² values.
 */
final class SimilarityBlocks implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Rows and columns of one piece of a product. */
  private static final int PIECE = 1024;

  /** What a pair of nodes is compared by. */
  enum Measure {
    /** Cosine of the angle; the diagonal is exactly 1. */
    COSINE,
    /** exp(-|x_i - x_j|) of the raw vectors, as gen_A3. */
    EXP_EUCLIDEAN
  }

  /** Sees every pair {@code i <= j} of a block with its similarity. */
  interface PairVisitor {
    void visit(int i, int j, double similarity);
  }

  /** Two blocks of nodes, {@code a <= b}. */
  record Pair(int a, int b) implements Serializable {}

  private final transient JavaSparkContext spark;
  private final NodeBlocks nodes;
  private final Measure measure;

  SimilarityBlocks(JavaSparkContext spark, NodeBlocks nodes, Measure measure) {
    this.spark = spark;
    this.nodes = nodes;
    this.measure = measure;
  }

  NodeBlocks nodes() {
    return nodes;
  }

  /** One element per pair of blocks. */
  JavaRDD<Pair> pairs() {
    List<Pair> pairs = new ArrayList<>();
    for (int a = 0; a < nodes.blocks(); a++) {
      for (int b = a; b < nodes.blocks(); b++) {
        pairs.add(new Pair(a, b));
      }
    }
    return spark.parallelize(pairs, pairs.size());
  }

  /** Shows all pairs of nodes {@code i <= j} of two blocks to the visitor; runs on an executor. */
  void visit(Pair pair, PairVisitor visitor) {
    VectorBlock a = nodes.block(pair.a);
    VectorBlock b = nodes.block(pair.b);
    for (int row = a.start(); row < a.end(); row += PIECE) {
      int rowEnd = Math.min(a.end(), row + PIECE);
      for (int column = pair.a == pair.b ? row : b.start(); column < b.end(); column += PIECE) {
        int columnEnd = Math.min(b.end(), column + PIECE);
        visit(a, row, rowEnd, b, column, columnEnd, visitor);
      }
    }
  }

  private void visit(
      VectorBlock a,
      int row,
      int rowEnd,
      VectorBlock b,
      int column,
      int columnEnd,
      PairVisitor visitor) {
    double[] cosines =
        measure == Measure.COSINE ? cosines(a, row, rowEnd, b, column, columnEnd) : null;
    for (int i = row, at = 0; i < rowEnd; i++, at += columnEnd - column) {
      for (int j = Math.max(i, column); j < columnEnd; j++) {
        double similarity =
            i == j
                ? 1
                : cosines == null
                    ? Math.exp(-VectorBlock.distance(a, i, b, j))
                    : cosines[at + j - column];
        visitor.visit(i, j, similarity);
      }
    }
  }

  private static double[] cosines(
      VectorBlock a, int row, int rowEnd, VectorBlock b, int column, int columnEnd) {
    return BlockProduct.get()
        .doubles(
            a.unitDoubles(row, rowEnd),
            rowEnd - row,
            b.unitDoubles(column, columnEnd),
            columnEnd - column,
            a.dimension());
  }
}
