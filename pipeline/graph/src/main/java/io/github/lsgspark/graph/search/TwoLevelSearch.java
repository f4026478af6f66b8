package io.github.lsgspark.graph.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Approximate search for many prompts per class: the classes most similar to each class, by the
 * mean of its unit vectors, exactly; then, for each node, the best among the nodes of its own class
 * and of those. An executor holds the vectors of all nodes.
 */
public final class TwoLevelSearch implements NeighbourSearch {
  private static final long serialVersionUID = 1L;

  private final NodeBlocks nodes;
  private final int k;
  private final int nearClasses;
  private final int classCount;
  private final Broadcast<int[][]> near;

  /**
   * @param nearClasses other classes whose nodes are looked at
   */
  public TwoLevelSearch(JavaSparkContext spark, NodeBlocks nodes, int k, int nearClasses) {
    this.nodes = nodes;
    this.k = k;
    this.nearClasses = nearClasses;
    this.classCount = new ClassMembers(nodes.classes()).count();
    this.near = spark.broadcast(nearClasses(spark));
  }

  @Override
  public boolean isExact() {
    return false;
  }

  private int[][] nearClasses(JavaSparkContext spark) {
    int[][] found = new int[classCount][];
    new ExactSearch(spark, ClassMeans.of(spark, nodes), nearClasses)
        .neighbours(spark)
        .groupBy(Neighbour::node)
        .mapValues(
            all -> {
              List<Integer> ids = new ArrayList<>();
              all.forEach(one -> ids.add(one.neighbour()));
              return ids.stream().mapToInt(Integer::intValue).toArray();
            })
        .collect()
        .forEach(one -> found[one._1()] = one._2());
    // A single class has no neighbours.
    Arrays.setAll(found, c -> found[c] == null ? new int[0] : found[c]);
    return found;
  }

  @Override
  public JavaRDD<Neighbour> neighbours(JavaSparkContext spark) {
    return spark
        .parallelize(IntStream.range(0, nodes.blocks()).boxed().toList(), nodes.blocks())
        .flatMap(block -> search(block).iterator());
  }

  private List<Neighbour> search(int number) {
    ClassMembers members = new ClassMembers(nodes.classes());
    int[] classes = nodes.classes();
    int start = nodes.start(number);
    int end = nodes.end(number);
    TopCandidates found = new TopCandidates(end - start, k + Rescoring.SPARE);
    VectorBlock[] held = new VectorBlock[nodes.blocks()];
    Arrays.setAll(held, nodes::block);
    IntStream.range(start, end)
        .map(node -> members.number(classes[node]))
        .distinct()
        .forEach(
            c -> {
              int[] own =
                  Arrays.stream(members.of(c))
                      .filter(node -> node >= start && node < end)
                      .toArray();
              int[] others =
                  IntStream.concat(IntStream.of(c), Arrays.stream(near.value()[c]))
                      .flatMap(other -> Arrays.stream(members.of(other)))
                      .toArray();
              offer(own, others, held, start, found);
            });
    return Rescoring.approximate(nodes, IntStream.range(start, end).toArray(), k, found);
  }

  private void offer(int[] own, int[] others, VectorBlock[] held, int start, TopCandidates found) {
    try (BlockProduct.Rows rows = rows(own, held);
        BlockProduct.Rows columns = rows(others, held)) {
      Products.forEachPiece(
          rows,
          own.length,
          columns,
          others.length,
          false,
          piece -> {
            for (int i = 0; i < piece.height(); i++) {
              int node = own[piece.row() + i];
              for (int j = 0; j < piece.width(); j++) {
                int other = others[piece.column() + j];
                if (other != node) {
                  found.offer(node - start, other, piece.cosines()[i * piece.width() + j]);
                }
              }
            }
          });
    }
  }

  private BlockProduct.Rows rows(int[] ids, VectorBlock[] held) {
    int d = nodes.dimension();
    float[] vectors = new float[ids.length * d];
    for (int i = 0; i < ids.length; i++) {
      held[nodes.blockOf(ids[i])].copyUnit(ids[i], vectors, i * d);
    }
    return BlockProduct.get().rows(vectors, ids.length, d);
  }

  @Override
  public Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("classes", classCount);
    facts.put("near_classes", nearClasses);
    return facts;
  }
}
