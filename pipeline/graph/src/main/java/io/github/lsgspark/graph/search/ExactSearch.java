package io.github.lsgspark.graph.search;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.LongAccumulator;
import scala.Tuple2;

/**
 * Compares all nodes with all. A task compares two blocks of nodes by float32 products, each pair
 * of blocks once, for the rows of both; what it found goes to the block it belongs to, where it is
 * scored in double and proven ({@link Rescoring}). A task holds two blocks and one piece of their
 * products.
 */
public final class ExactSearch implements NeighbourSearch {
  private static final long serialVersionUID = 1L;

  private final NodeBlocks nodes;
  private final int k;
  private final LongAccumulator searchedAgain;

  public ExactSearch(JavaSparkContext spark, NodeBlocks nodes, int k) {
    this.nodes = nodes;
    this.k = k;
    this.searchedAgain = spark.sc().longAccumulator("nodes that float32 could not decide");
  }

  @Override
  public boolean isExact() {
    return true;
  }

  @Override
  public JavaRDD<Neighbour> neighbours(JavaSparkContext spark) {
    List<Tuple2<Integer, Integer>> pairs = new ArrayList<>();
    for (int a = 0; a < nodes.blocks(); a++) {
      for (int b = a; b < nodes.blocks(); b++) {
        pairs.add(new Tuple2<>(a, b));
      }
    }
    return spark
        .parallelize(pairs, pairs.size())
        .flatMapToPair(pair -> screen(pair._1(), pair._2()).iterator())
        .reduceByKey(TopCandidates::merge, nodes.blocks())
        .flatMap(
            found ->
                Rescoring.proven(nodes, own(found._1()), k, found._2(), searchedAgain).iterator());
  }

  private int[] own(int block) {
    return IntStream.range(nodes.start(block), nodes.end(block)).toArray();
  }

  private TopCandidates empty(int block) {
    return new TopCandidates(nodes.end(block) - nodes.start(block), k + Rescoring.SPARE);
  }

  private List<Tuple2<Integer, TopCandidates>> screen(int a, int b) {
    VectorBlock block = nodes.block(a);
    try (BlockProduct.Rows rows = Products.unit(block)) {
      TopCandidates ofRows = empty(a);
      int rowStart = nodes.start(a);
      if (a == b) {
        int[] own = own(a);
        Products.forEachPiece(
            rows,
            block.count(),
            rows,
            block.count(),
            true,
            piece -> {
              if (piece.row() == piece.column()) {
                piece.offerToRows(ofRows, own, rowStart);
              } else {
                piece.offerToBoth(ofRows, rowStart, ofRows, rowStart);
              }
            });
        return List.of(new Tuple2<>(a, ofRows));
      }
      TopCandidates ofColumns = empty(b);
      int columnStart = nodes.start(b);
      VectorBlock other = nodes.block(b);
      try (BlockProduct.Rows columns = Products.unit(other)) {
        Products.forEachPiece(
            rows,
            block.count(),
            columns,
            other.count(),
            false,
            piece -> piece.offerToBoth(ofRows, rowStart, ofColumns, columnStart));
      }
      return List.of(new Tuple2<>(a, ofRows), new Tuple2<>(b, ofColumns));
    }
  }

  @Override
  public Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("nodes_float32_could_not_decide", searchedAgain.value());
    return facts;
  }
}
