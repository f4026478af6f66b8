package io.github.lsgspark.graph;

import io.github.lsgspark.config.GraphSettings;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import scala.Tuple2;

/**
 * The graph of nearest neighbours: the relation that {@link ExactSearch} finds is made symmetric
 * (union or mutual), and every node gets a self loop of weight 1. Neighbours with a cosine that is
 * not positive are left out, so that no degree can become zero or negative.
 */
final class NearestNeighbours implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Who names whom in a pair i < j, and pairs joined because they are of one class. */
  private static final int FORWARD = 1;

  private static final int BACKWARD = 2;
  private static final int FORCED = 4;

  private final Broadcast<NodeVectors> vectors;
  private final GraphSettings settings;
  private final boolean forceSameClass;

  NearestNeighbours(
      Broadcast<NodeVectors> vectors, GraphSettings settings, boolean forceSameClass) {
    this.vectors = vectors;
    this.settings = settings;
    this.forceSameClass = forceSameClass;
  }

  /** A pair of nodes i < j. */
  private record Relation(int kind, double cosine) implements Serializable {
    Relation and(Relation other) {
      return new Relation(kind | other.kind, cosine);
    }
  }

  /** Both directions and self loops. */
  JavaRDD<Edge> edges(JavaSparkContext spark) {
    int count = vectors.value().count();
    JavaPairRDD<Long, Relation> related =
        new ExactSearch(spark, vectors, settings.k(), settings.blockRows())
            .neighbours(spark)
            .filter(neighbour -> neighbour.cosine() > 0)
            .mapToPair(
                n ->
                    n.node() < n.neighbour()
                        ? relation(n.node(), n.neighbour(), FORWARD, n.cosine())
                        : relation(n.neighbour(), n.node(), BACKWARD, n.cosine()));
    if (forceSameClass) {
      related = related.union(sameClass(spark));
    }
    boolean union = settings.symmetry() == GraphSettings.Symmetry.UNION;
    JavaRDD<Edge> joined =
        related
            .reduceByKey(Relation::and)
            .filter(
                pair ->
                    union
                        || (pair._2().kind & FORCED) != 0
                        || pair._2().kind == (FORWARD | BACKWARD))
            .flatMap(
                pair -> {
                  int i = (int) (pair._1() / count);
                  int j = (int) (pair._1() % count);
                  double weight = pair._2().cosine;
                  return List.of(new Edge(i, j, weight), new Edge(j, i, weight)).iterator();
                });
    return joined.union(
        spark
            .parallelize(IntStream.range(0, count).boxed().toList())
            .map(node -> new Edge(node, node, 1)));
  }

  private Tuple2<Long, Relation> relation(int i, int j, int kind, double cosine) {
    return new Tuple2<>((long) i * vectors.value().count() + j, new Relation(kind, cosine));
  }

  private JavaPairRDD<Long, Relation> sameClass(JavaSparkContext spark) {
    Map<Integer, List<Integer>> members = new HashMap<>();
    NodeVectors nodes = vectors.value();
    for (int node = 0; node < nodes.count(); node++) {
      members.computeIfAbsent(nodes.classes()[node], unused -> new ArrayList<>()).add(node);
    }
    return spark
        .parallelize(new ArrayList<>(members.values()))
        .mapPartitionsToPair(
            classes -> {
              List<Tuple2<Long, Relation>> pairs = new ArrayList<>();
              classes.forEachRemaining(one -> pairsOf(one, pairs));
              Iterator<Tuple2<Long, Relation>> all = pairs.iterator();
              return all;
            });
  }

  private void pairsOf(List<Integer> members, List<Tuple2<Long, Relation>> pairs) {
    for (int first = 0; first < members.size(); first++) {
      for (int second = first + 1; second < members.size(); second++) {
        int i = members.get(first);
        int j = members.get(second);
        pairs.add(relation(i, j, FORCED, vectors.value().cosine(i, j)));
      }
    }
  }
}
