package io.github.lsgspark.graph;

import io.github.lsgspark.config.GraphSettings;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;

/**
 * The k most similar other nodes of every node, by cosine, exactly; ties go to the smaller node
 * number. The relation is made symmetric (union or mutual) and every node gets a self loop of
 * weight 1. Neighbours with a cosine that is not positive are left out, so that no degree can
 * become zero or negative.
 */
final class NearestNeighbours implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Best first. */
  private static final Comparator<Neighbour> BEST_FIRST =
      Comparator.comparingDouble(Neighbour::similarity)
          .reversed()
          .thenComparingInt(Neighbour::node);

  private record Neighbour(int node, double similarity) implements Serializable {}

  private final SimilarityBlocks blocks;
  private final int k;
  private final GraphSettings.Symmetry symmetry;
  private final boolean forceSameClass;

  NearestNeighbours(
      SimilarityBlocks blocks, int k, GraphSettings.Symmetry symmetry, boolean forceSameClass) {
    this.blocks = blocks;
    this.k = k;
    this.symmetry = symmetry;
    this.forceSameClass = forceSameClass;
  }

  /** Both directions and self loops. */
  JavaRDD<Edge> edges(JavaSparkContext spark) {
    Map<Long, Double> kept = new HashMap<>();
    Set<Long> directed = new HashSet<>();
    int count = blocks.vectors().count();
    for (Tuple2<Integer, List<Neighbour>> node : nearest().collect()) {
      for (Neighbour neighbour : node._2) {
        if (neighbour.similarity > 0) {
          directed.add((long) node._1 * count + neighbour.node);
          kept.put((long) node._1 * count + neighbour.node, neighbour.similarity);
        }
      }
    }
    List<Edge> edges = new ArrayList<>();
    for (Map.Entry<Long, Double> entry : kept.entrySet()) {
      int i = (int) (entry.getKey() / count);
      int j = (int) (entry.getKey() % count);
      boolean both = directed.contains((long) j * count + i);
      if (both || symmetry == GraphSettings.Symmetry.UNION) {
        edges.add(new Edge(i, j, entry.getValue()));
        if (!both) {
          edges.add(new Edge(j, i, entry.getValue()));
        }
      }
    }
    Set<Long> selected = new HashSet<>();
    edges.forEach(edge -> selected.add((long) edge.source() * count + edge.target()));
    for (int i = 0; i < count; i++) {
      edges.add(new Edge(i, i, 1));
    }
    JavaRDD<Edge> result = spark.parallelize(edges);
    return forceSameClass ? result.union(missingSameClass(selected)) : result;
  }

  private JavaRDD<Edge> missingSameClass(Set<Long> selected) {
    return blocks
        .blocks()
        .flatMap(
            block -> {
              List<Edge> edges = new ArrayList<>();
              NodeVectors nodes = blocks.vectors();
              blocks.visit(
                  block,
                  (i, j, value) -> {
                    if (i != j
                        && nodes.sameClass(i, j)
                        && !selected.contains((long) i * nodes.count() + j)) {
                      edges.add(new Edge(i, j, value));
                      edges.add(new Edge(j, i, value));
                    }
                  });
              return edges.iterator();
            });
  }

  private JavaPairRDD<Integer, List<Neighbour>> nearest() {
    return blocks
        .blocks()
        .flatMapToPair(
            block -> {
              Map<Integer, PriorityQueue<Neighbour>> heaps = new HashMap<>();
              blocks.visit(
                  block,
                  (i, j, value) -> {
                    if (i != j) {
                      offer(heaps, i, new Neighbour(j, value));
                      offer(heaps, j, new Neighbour(i, value));
                    }
                  });
              List<Tuple2<Integer, List<Neighbour>>> candidates = new ArrayList<>();
              heaps.forEach((node, heap) -> candidates.add(new Tuple2<>(node, List.copyOf(heap))));
              return candidates.iterator();
            })
        .reduceByKey(
            (a, b) -> {
              List<Neighbour> all = new ArrayList<>(a);
              all.addAll(b);
              all.sort(BEST_FIRST);
              return List.copyOf(all.subList(0, Math.min(k, all.size())));
            });
  }

  private void offer(Map<Integer, PriorityQueue<Neighbour>> heaps, int node, Neighbour candidate) {
    PriorityQueue<Neighbour> heap =
        heaps.computeIfAbsent(node, n -> new PriorityQueue<>(BEST_FIRST.reversed()));
    if (heap.size() < k) {
      heap.add(candidate);
    } else if (BEST_FIRST.compare(candidate, heap.peek()) < 0) {
      heap.poll();
      heap.add(candidate);
    }
  }
}
