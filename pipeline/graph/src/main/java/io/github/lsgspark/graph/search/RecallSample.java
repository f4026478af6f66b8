package io.github.lsgspark.graph.search;

import io.github.lsgspark.config.Seeds;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import scala.Tuple2;

/**
 * How much of the truth an approximate search finds: recall at k, by an exact search for a sample
 * of the nodes. A found neighbour counts if its cosine is at least that of the true k-th, so that
 * which of several equal ones was found does not matter.
 *
 * @param recall in [0, 1]
 * @param sample number of nodes that were looked at
 */
public record RecallSample(double recall, int sample) {

  /**
   * Searches a sample of the nodes exactly, and compares.
   *
   * @param found what the search found for all nodes
   */
  public static RecallSample of(
      JavaSparkContext spark,
      NodeBlocks nodes,
      JavaRDD<Neighbour> found,
      int k,
      int size,
      long seed) {
    int[] sample = NodeSample.of(nodes.count(), size, Seeds.derive(seed, "recall"));
    Map<Integer, List<Neighbour>> truth =
        exact(spark, nodes, sample, k).collect().stream()
            .collect(Collectors.groupingBy(Neighbour::node));
    Map<Integer, List<Neighbour>> claimed =
        found.filter(one -> Arrays.binarySearch(sample, one.node()) >= 0).collect().stream()
            .collect(Collectors.groupingBy(Neighbour::node));
    long wanted = 0;
    long hits = 0;
    for (Map.Entry<Integer, List<Neighbour>> entry : truth.entrySet()) {
      List<Neighbour> best = entry.getValue();
      double least = best.stream().mapToDouble(Neighbour::cosine).min().orElseThrow();
      wanted += best.size();
      hits +=
          claimed.getOrDefault(entry.getKey(), List.of()).stream()
              .filter(one -> one.cosine() >= least)
              .count();
    }
    return new RecallSample(wanted == 0 ? 1 : (double) hits / wanted, sample.length);
  }

  /** The k nearest of some nodes among all. */
  static JavaRDD<Neighbour> exact(JavaSparkContext spark, NodeBlocks nodes, int[] asking, int k) {
    Broadcast<float[]> vectors = spark.broadcast(NodeSample.unitVectors(spark, nodes, asking));
    LongAccumulator undecided = spark.sc().longAccumulator();
    return spark
        .parallelize(IntStream.range(0, nodes.blocks()).boxed().toList(), nodes.blocks())
        .mapToPair(
            b -> {
              TopCandidates best = new TopCandidates(asking.length, k + Rescoring.SPARE);
              VectorBlock block = nodes.block(b);
              try (BlockProduct.Rows rows =
                      BlockProduct.get().rows(vectors.value(), asking.length, nodes.dimension());
                  BlockProduct.Rows columns = Products.unit(block)) {
                Products.forEachPiece(
                    rows,
                    asking.length,
                    columns,
                    block.count(),
                    false,
                    piece -> piece.offerToRows(best, asking, nodes.start(b)));
              }
              return new Tuple2<>(0, best);
            })
        .reduceByKey(TopCandidates::merge, 1)
        .flatMap(best -> Rescoring.proven(nodes, asking, k, best._2(), undecided).iterator());
  }
}
