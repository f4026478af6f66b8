package io.github.lsgspark.graph.search;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import scala.Tuple2;

/**
 * Approximate search whose work grows like N: the space is cut into cells of about {@value
 * #NODES_PER_CELL} nodes, each cell is indexed by one task ({@link HnswIndex}), and every node asks
 * the cells nearest to it. What the cells answer is merged and scored in double.
 */
public final class HnswSearch implements NeighbourSearch {
  private static final long serialVersionUID = 1L;

  private static final int NODES_PER_CELL = 1 << 15;

  private final NodeBlocks nodes;
  private final int k;
  private final int width;
  private final int probes;
  private final Broadcast<IvfPartition> cells;

  /**
   * @param width candidates that are followed at once in a cell; at least k and some
   * @param probes cells that a node asks
   */
  public HnswSearch(
      JavaSparkContext spark, NodeBlocks nodes, int k, int width, int probes, long seed) {
    this(spark, nodes, k, width, probes, NODES_PER_CELL, seed);
  }

  HnswSearch(
      JavaSparkContext spark,
      NodeBlocks nodes,
      int k,
      int width,
      int probes,
      int nodesPerCell,
      long seed) {
    this.nodes = nodes;
    this.k = k;
    this.width = Math.max(width, k + Rescoring.SPARE);
    this.probes = probes;
    int wanted = (nodes.count() + nodesPerCell - 1) / nodesPerCell;
    this.cells = spark.broadcast(IvfPartition.of(spark, nodes, wanted, seed));
  }

  @Override
  public boolean isExact() {
    return false;
  }

  /** Nodes of one block that lie in a cell, and those that ask it; both ascending. */
  private record Visit(int block, int[] members, int[] asking) implements Serializable {}

  /** What a cell answered to nodes of one block. */
  private record Answers(int cell, int[] nodes, int[] ends, int[] ids, float[] cosines)
      implements Serializable {}

  @Override
  public JavaRDD<Neighbour> neighbours(JavaSparkContext spark) {
    List<Integer> blocks = IntStream.range(0, nodes.blocks()).boxed().toList();
    int cellCount = cells.value().count();
    return spark
        .parallelize(blocks, blocks.size())
        .flatMapToPair(block -> visits(block).iterator())
        .groupByKey(new HashPartitioner(cellCount))
        .flatMapToPair(cell -> answers(cell._1(), cell._2()).iterator())
        .groupByKey(new HashPartitioner(blocks.size()))
        .flatMap(block -> merge(block._1(), block._2()).iterator());
  }

  private List<Tuple2<Integer, Visit>> visits(int number) {
    VectorBlock block = nodes.block(number);
    int[][] nearest = cells.value().nearest(block, probes);
    List<Tuple2<Integer, Visit>> visits = new ArrayList<>();
    for (int c = 0; c < cells.value().count(); c++) {
      int cell = c;
      int[] asking =
          IntStream.range(0, nearest.length)
              .filter(row -> Arrays.stream(nearest[row]).anyMatch(near -> near == cell))
              .map(row -> block.start() + row)
              .toArray();
      int[] members =
          Arrays.stream(asking).filter(node -> nearest[node - block.start()][0] == cell).toArray();
      if (asking.length > 0) {
        visits.add(new Tuple2<>(cell, new Visit(number, members, asking)));
      }
    }
    return visits;
  }

  private List<Tuple2<Integer, Answers>> answers(int cell, Iterable<Visit> unordered) {
    List<Visit> visits = new ArrayList<>();
    unordered.forEach(visits::add);
    visits.sort((a, b) -> Integer.compare(a.block, b.block));
    int d = nodes.dimension();
    int[] members = visits.stream().flatMapToInt(visit -> Arrays.stream(visit.members)).toArray();
    if (members.length == 0) {
      return List.of();
    }
    float[] vectors = new float[Math.multiplyExact(members.length, d)];
    int row = 0;
    for (Visit visit : visits) {
      VectorBlock block = nodes.block(visit.block);
      for (int member : visit.members) {
        block.copyUnit(member, vectors, d * row++);
      }
    }
    List<Tuple2<Integer, Answers>> answers = new ArrayList<>();
    try (HnswIndex index = new HnswIndex(vectors, d)) {
      for (Visit visit : visits) {
        answers.add(new Tuple2<>(visit.block, ask(cell, index, visit, members)));
      }
    }
    return answers;
  }

  private Answers ask(int cell, HnswIndex index, Visit visit, int[] members) {
    VectorBlock block = nodes.block(visit.block);
    int capacity = k + Rescoring.SPARE;
    TopCandidates best = new TopCandidates(visit.asking.length, capacity);
    for (int i = 0; i < visit.asking.length; i++) {
      int row = i;
      int asking = visit.asking[i];
      float[] vector = new float[nodes.dimension()];
      block.copyUnit(asking, vector, 0);
      index.search(
          vector,
          width,
          (found, cosine) -> {
            if (members[found] != asking) {
              best.offer(row, members[found], cosine);
            }
          });
    }
    return pack(cell, visit.asking, best);
  }

  private static Answers pack(int cell, int[] asking, TopCandidates best) {
    int[] ends = new int[asking.length];
    int total = 0;
    for (int row = 0; row < ends.length; row++) {
      total += best.candidates(row).length;
      ends[row] = total;
    }
    int[] ids = new int[total];
    float[] cosines = new float[total];
    for (int row = 0; row < ends.length; row++) {
      int from = row == 0 ? 0 : ends[row - 1];
      best.copy(row, ids, cosines, from);
    }
    return new Answers(cell, asking, ends, ids, cosines);
  }

  private List<Neighbour> merge(int block, Iterable<Answers> unordered) {
    List<Answers> answers = new ArrayList<>();
    unordered.forEach(answers::add);
    answers.sort((a, b) -> Integer.compare(a.cell, b.cell));
    int start = nodes.start(block);
    int[] own = IntStream.range(start, nodes.end(block)).toArray();
    TopCandidates merged = new TopCandidates(own.length, k + Rescoring.SPARE);
    for (Answers one : answers) {
      for (int i = 0, at = 0; i < one.nodes.length; i++) {
        for (; at < one.ends[i]; at++) {
          merged.offer(one.nodes[i] - start, one.ids[at], one.cosines[at]);
        }
      }
    }
    return Rescoring.approximate(nodes, own, k, merged);
  }

  @Override
  public Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("cells", cells.value().count());
    facts.put("probes", Math.min(probes, cells.value().count()));
    facts.put("width", width);
    return facts;
  }
}
