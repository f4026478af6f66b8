package io.github.lsgspark.graph;

import io.github.lsgspark.config.GraphSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.graph.search.NodeBlocks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Decides which pairs of nodes are joined: gen_A (threshold), gen_A2 (global-ratio), gen_A2Plus
 * (global-ratio with forced same-class edges), gen_A3 (euclidean) of docs/method.md, section 2, and
 * k nearest neighbours.
 */
final class EdgeSelector {
  private final JavaSparkContext spark;
  private final GraphSettings settings;

  EdgeSelector(JavaSparkContext spark, GraphSettings settings) {
    this.spark = spark;
    this.settings = settings;
  }

  /**
   * What was selected.
   *
   * @param edges both directions and self loops
   * @param threshold smallest similarity kept; NaN for knn
   * @param search how neighbours were found; the other selections compare all pairs
   */
  record Selected(JavaRDD<Edge> edges, double threshold, Optional<SearchReport> search) {}

  Selected select(NodeBlocks nodes, boolean forceSameClass) {
    SimilarityBlocks.Measure measure =
        settings.selection() == GraphSettings.Selection.EUCLIDEAN
            ? SimilarityBlocks.Measure.EXP_EUCLIDEAN
            : SimilarityBlocks.Measure.COSINE;
    SimilarityBlocks blocks = new SimilarityBlocks(spark, nodes, measure);
    return switch (settings.selection()) {
      case GLOBAL_RATIO, EUCLIDEAN -> byRatio(blocks, forceSameClass);
      case THRESHOLD -> byNormalizedThreshold(blocks, forceSameClass);
      case KNN -> byNeighbours(nodes, forceSameClass);
      case TAXONOMY ->
          throw LsgException.usage(
              "selection = taxonomy joins by a tree over the labels, which the stages embed and"
                  + " graph bring; SemanticGraph.byTaxonomy takes one");
    };
  }

  private Selected byNeighbours(NodeBlocks nodes, boolean forceSameClass) {
    SearchReport report = SearchReport.of(spark, nodes, settings);
    return new Selected(
        new NearestNeighbours(nodes, settings.symmetry(), forceSameClass)
            .edges(spark, report.found()),
        Double.NaN,
        Optional.of(report));
  }

  /** By a tree over the labels, of which all prompts of one are joined. */
  Selected byTaxonomy(NodeBlocks nodes, LabelTree tree) {
    return new Selected(
        new NearestNeighbours(nodes, settings.symmetry(), false)
            .edges(spark, TaxonomyNeighbours.of(spark, nodes, tree, settings.k())),
        Double.NaN,
        Optional.empty());
  }

  /**
   * The rank of the threshold: int((1 - ratio) N²) in floating point, as the reference.
   *
   * @throws LsgException if the ratio leaves no room for the N self loops: then rounding would
   *     decide which nodes keep theirs, and the others would have degree zero
   */
  static long rank(double edgeRatio, int nodes, boolean forceSameClass) {
    double pairs = (double) nodes * nodes;
    if (!forceSameClass && edgeRatio * pairs < nodes) {
      throw LsgException.usage(
          "graph.edge-ratio = "
              + edgeRatio
              + " keeps "
              + (long) (edgeRatio * pairs)
              + " of "
              + (long) pairs
              + " pairs, fewer than the "
              + nodes
              + " self loops; with this many nodes it must be at least "
              + 1.0 / nodes);
    }
    return Math.max(1, (long) ((1 - edgeRatio) * pairs));
  }

  private Selected byRatio(SimilarityBlocks blocks, boolean forceSameClass) {
    long rank = rank(settings.edgeRatio(), blocks.nodes().count(), forceSameClass);
    double threshold = KthValue.find(blocks, rank, forceSameClass);
    return new Selected(
        keep(blocks, threshold, false, forceSameClass, false), threshold, Optional.empty());
  }

  private Selected byNormalizedThreshold(SimilarityBlocks blocks, boolean forceSameClass) {
    double[] range =
        blocks
            .pairs()
            .map(
                pair -> {
                  double[] extremes = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
                  blocks.visit(
                      pair,
                      (i, j, value) -> {
                        extremes[0] = Math.min(extremes[0], value);
                        extremes[1] = Math.max(extremes[1], value);
                      });
                  return extremes;
                })
            .reduce((a, b) -> new double[] {Math.min(a[0], b[0]), Math.max(a[1], b[1])});
    double threshold = range[0] + settings.threshold() * (range[1] - range[0]);
    return new Selected(
        keep(blocks, threshold, true, forceSameClass, true), threshold, Optional.empty());
  }

  private static JavaRDD<Edge> keep(
      SimilarityBlocks blocks,
      double threshold,
      boolean strict,
      boolean forceSameClass,
      boolean binary) {
    return blocks
        .pairs()
        .flatMap(
            pair -> {
              List<Edge> edges = new ArrayList<>();
              int[] classes = blocks.nodes().classes();
              blocks.visit(
                  pair,
                  (i, j, value) -> {
                    boolean kept =
                        (strict ? value > threshold : value >= threshold)
                            || (forceSameClass && classes[i] == classes[j]);
                    if (kept) {
                      double weight = binary ? 1 : value;
                      edges.add(new Edge(i, j, weight));
                      if (i != j) {
                        edges.add(new Edge(j, i, weight));
                      }
                    }
                  });
              return edges.iterator();
            });
  }
}
