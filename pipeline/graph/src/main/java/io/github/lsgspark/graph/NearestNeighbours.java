package io.github.lsgspark.graph;

import io.github.lsgspark.config.GraphSettings;
import io.github.lsgspark.graph.search.ClassMembers;
import io.github.lsgspark.graph.search.Neighbour;
import io.github.lsgspark.graph.search.NodeBlocks;
import io.github.lsgspark.graph.search.VectorBlock;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;

/**
 * The graph of nearest neighbours: the relation that a search finds is made symmetric (union or
 * mutual), and every node gets a self loop of weight 1. Neighbours with a cosine that is not
 * positive are left out, so that no degree can become zero or negative.
 */
final class NearestNeighbours implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Who names whom in a pair {@code i < j}, and pairs joined because they are of one class. */
  private static final int FORWARD = 1;

  private static final int BACKWARD = 2;
  private static final int FORCED = 4;

  private final NodeBlocks nodes;
  private final GraphSettings.Symmetry symmetry;
  private final boolean forceSameClass;

  NearestNeighbours(NodeBlocks nodes, GraphSettings.Symmetry symmetry, boolean forceSameClass) {
    this.nodes = nodes;
    this.symmetry = symmetry;
    this.forceSameClass = forceSameClass;
  }

  /** A pair of nodes {@code i < j}. */
  private record Relation(int kind, double cosine) implements Serializable {
    Relation and(Relation other) {
      return new Relation(kind | other.kind, cosine);
    }
  }

  /** Both directions and self loops. */
  JavaRDD<Edge> edges(JavaSparkContext spark, JavaRDD<Neighbour> neighbours) {
    int count = nodes.count();
    JavaPairRDD<Long, Relation> related =
        neighbours
            .filter(neighbour -> neighbour.cosine() > 0)
            .mapToPair(
                n ->
                    n.node() < n.neighbour()
                        ? relation(n.node(), n.neighbour(), FORWARD, n.cosine())
                        : relation(n.neighbour(), n.node(), BACKWARD, n.cosine()));
    if (forceSameClass) {
      related = related.union(sameClass(spark));
    }
    boolean union = symmetry == GraphSettings.Symmetry.UNION;
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
        blocks(spark)
            .flatMap(
                block ->
                    IntStream.range(nodes.start(block), nodes.end(block))
                        .mapToObj(node -> new Edge(node, node, 1))
                        .iterator()));
  }

  private JavaRDD<Integer> blocks(JavaSparkContext spark) {
    return spark.parallelize(IntStream.range(0, nodes.blocks()).boxed().toList(), nodes.blocks());
  }

  private Tuple2<Long, Relation> relation(int i, int j, int kind, double cosine) {
    return new Tuple2<>((long) i * nodes.count() + j, new Relation(kind, cosine));
  }

  /** A pair belongs to the block of its smaller node. */
  private JavaPairRDD<Long, Relation> sameClass(JavaSparkContext spark) {
    return blocks(spark)
        .flatMapToPair(
            number -> {
              ClassMembers members = new ClassMembers(nodes.classes());
              VectorBlock block = nodes.block(number);
              List<Tuple2<Long, Relation>> pairs = new ArrayList<>();
              for (int i = block.start(); i < block.end(); i++) {
                for (int j : members.of(members.number(nodes.classes()[i]))) {
                  if (j > i) {
                    VectorBlock other = nodes.block(nodes.blockOf(j));
                    pairs.add(relation(i, j, FORCED, VectorBlock.cosine(block, i, other, j)));
                  }
                }
              }
              return pairs.iterator();
            });
  }
}
