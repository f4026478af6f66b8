package io.github.lsgspark.graph;

import io.github.lsgspark.config.GraphSettings;
import io.github.lsgspark.graph.search.Neighbour;
import io.github.lsgspark.graph.search.NeighbourSearch;
import io.github.lsgspark.graph.search.NodeBlocks;
import io.github.lsgspark.graph.search.RecallSample;
import io.github.lsgspark.graph.search.SearchChoice;
import io.github.lsgspark.storage.JobDescription;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the neighbours of a graph are found, and how well. */
final class SearchReport {
  private static final Logger LOG = LoggerFactory.getLogger(SearchReport.class);

  /** Below this recall people are warned. */
  private static final double POOR = 0.95;

  /** One for all runs: seeds of a comparison share their graph. */
  private static final long SEED = 1;

  private final JavaSparkContext spark;
  private final NodeBlocks nodes;
  private final GraphSettings settings;
  private final SearchChoice choice;
  private final NeighbourSearch search;
  private final JavaRDD<Neighbour> found;

  private SearchReport(
      JavaSparkContext spark,
      NodeBlocks nodes,
      GraphSettings settings,
      SearchChoice choice,
      NeighbourSearch search) {
    this.spark = spark;
    this.nodes = nodes;
    this.settings = settings;
    this.choice = choice;
    this.search = search;
    // What is looked at again for its recall is not searched again.
    this.found =
        search.isExact()
            ? search.neighbours(spark)
            : search.neighbours(spark).persist(StorageLevel.MEMORY_AND_DISK());
  }

  static SearchReport of(JavaSparkContext spark, NodeBlocks nodes, GraphSettings settings) {
    SearchChoice choice = SearchChoice.of(settings, nodes.count(), nodes.dimension());
    LOG.info("Nearest neighbours: {} search, since {}", choice.kind().label(), choice.reason());
    return new SearchReport(
        spark, nodes, settings, choice, choice.over(spark, nodes, settings.k(), settings, SEED));
  }

  JavaRDD<Neighbour> found() {
    return found;
  }

  /** For metrics.json, once the neighbours have been computed. */
  Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("kind", choice.kind().label());
    facts.put("reason", choice.reason());
    facts.put("k", settings.k());
    facts.putAll(search.facts());
    if (!search.isExact()) {
      RecallSample recall = recall();
      facts.put("recall", recall.recall());
      facts.put("recall_sample", recall.sample());
      if (recall.recall() < POOR) {
        LOG.warn(
            "The {} search finds {} of the {} nearest neighbours, measured on {} nodes; raise"
                + " graph.{}, or set graph.search = exact",
            choice.kind().label(),
            String.format("%.1f%%", 100 * recall.recall()),
            settings.k(),
            recall.sample(),
            choice.kind() == GraphSettings.Search.TWO_LEVEL
                ? "near-classes"
                : "search-probes or graph.search-width");
      }
    }
    return facts;
  }

  private RecallSample recall() {
    try (JobDescription job = JobDescription.of(spark.sc(), "graph")) {
      job.now("measure the recall of the %s search", choice.kind().label());
      return RecallSample.of(spark, nodes, found, settings.k(), settings.recallSample(), SEED);
    }
  }
}
