package io.github.lsgspark.graph;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.graph.search.ClassMeans;
import io.github.lsgspark.graph.search.ClassMembers;
import io.github.lsgspark.graph.search.Neighbour;
import io.github.lsgspark.graph.search.NodeBlocks;
import io.github.lsgspark.graph.search.VectorBlock;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Which prompts a taxonomy joins: those of the k labels that are the most similar to a label by
 * {@link LabelTree#similarity}, with that as weight, and those of one label, with weight 1. Of
 * labels that are equally similar, as siblings are, those come first whose mean vectors have the
 * higher cosine. A label that the taxonomy does not name, or that has no ancestor in common with
 * another, is joined with none.
 */
final class TaxonomyNeighbours implements Serializable {
  private static final long serialVersionUID = 1L;

  private final NodeBlocks nodes;
  private final NodeBlocks means;
  private final LabelTree tree;
  private final int count;

  private TaxonomyNeighbours(NodeBlocks nodes, NodeBlocks means, LabelTree tree, int count) {
    this.nodes = nodes;
    this.means = means;
    this.tree = tree;
    this.count = count;
  }

  private record Near(int label, double similarity, double cosine) {}

  /**
   * @param tree over the labels of the nodes
   * @param count labels that a label is joined with, k
   * @throws LsgException exit 3 if the tree is over other labels
   */
  static JavaRDD<Neighbour> of(
      JavaSparkContext spark, NodeBlocks nodes, LabelTree tree, int count) {
    ClassMembers members = new ClassMembers(nodes.classes());
    int labels = members.count();
    if (tree.size() != labels || members.label(labels - 1) != labels - 1) {
      throw LsgException.input(
          "the taxonomy is over " + tree.size() + " labels, the nodes are of " + labels);
    }
    NodeBlocks means = ClassMeans.of(spark, nodes);
    TaxonomyNeighbours neighbours = new TaxonomyNeighbours(nodes, means, tree, count);
    return spark
        .parallelize(IntStream.range(0, labels).boxed().toList(), nodes.blocks())
        .mapPartitions(neighbours::of);
  }

  private Iterator<Neighbour> of(Iterator<Integer> labels) {
    ClassMembers members = new ClassMembers(nodes.classes());
    List<Neighbour> found = new ArrayList<>();
    while (labels.hasNext()) {
      int label = labels.next();
      List<Near> nearest = nearest(label);
      for (int node : members.of(label)) {
        for (int other : members.of(label)) {
          if (other != node) {
            found.add(new Neighbour(node, other, 1));
          }
        }
        for (Near near : nearest) {
          for (int other : members.of(near.label)) {
            found.add(new Neighbour(node, other, near.similarity));
          }
        }
      }
    }
    return found.iterator();
  }

  private List<Near> nearest(int label) {
    VectorBlock own = means.block(means.blockOf(label));
    List<Near> near = new ArrayList<>();
    for (int other = 0; other < tree.size(); other++) {
      double similarity = other == label ? 0 : tree.similarity(label, other);
      if (similarity > 0) {
        VectorBlock block = means.block(means.blockOf(other));
        near.add(new Near(other, similarity, VectorBlock.cosine(own, label, block, other)));
      }
    }
    near.sort(
        Comparator.comparingDouble(Near::similarity)
            .thenComparingDouble(Near::cosine)
            .reversed()
            .thenComparingInt(Near::label));
    return near.subList(0, Math.min(count, near.size()));
  }
}
