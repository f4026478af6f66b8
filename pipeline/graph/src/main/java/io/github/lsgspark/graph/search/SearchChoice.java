package io.github.lsgspark.graph.search;

import io.github.lsgspark.config.GraphSettings;
import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The search that the settings ask for.
 *
 * @param kind never {@code AUTO}
 * @param reason why this one, for log and metrics
 */
public record SearchChoice(GraphSettings.Search kind, String reason) {

  /**
   * The search of the settings; with {@code auto} the exact one where it is affordable.
   *
   * @param nodes N
   * @param dimension D
   */
  public static SearchChoice of(GraphSettings settings, int nodes, int dimension) {
    if (settings.search() != GraphSettings.Search.AUTO) {
      return new SearchChoice(settings.search(), "graph.search = " + settings.search().label());
    }
    double products = 0.5 * nodes * nodes * dimension;
    boolean affordable = products <= settings.exactLimit();
    return new SearchChoice(
        affordable ? GraphSettings.Search.EXACT : GraphSettings.Search.APPROXIMATE,
        String.format(
            Locale.ROOT,
            "comparing %d nodes of %d numbers exactly takes %.1e multiplications, %s"
                + " graph.exact-limit = %.1e",
            nodes,
            dimension,
            products,
            affordable ? "not above" : "above",
            settings.exactLimit()));
  }

  /** Makes the search. */
  public NeighbourSearch over(
      JavaSparkContext spark, NodeBlocks nodes, int k, GraphSettings settings, long seed) {
    return switch (kind) {
      case EXACT, AUTO -> new ExactSearch(spark, nodes, k);
      case APPROXIMATE ->
          new HnswSearch(spark, nodes, k, settings.searchWidth(), settings.searchProbes(), seed);
      case TWO_LEVEL -> new TwoLevelSearch(spark, nodes, k, settings.nearClasses());
    };
  }
}
