package io.github.lsgspark.report;

import io.github.lsgspark.graph.SemanticGraph;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** How strongly the semantic graph joins two classes: the mean weight over all pairs of prompts. */
final class ClassLinks {
  private final Map<String, Map<String, Double>> weights = new HashMap<>();

  /**
   * @param graphDir output of the graph stage
   */
  static ClassLinks read(SparkSession spark, String graphDir) {
    return of(SemanticGraph.read(spark, graphDir));
  }

  static ClassLinks of(SemanticGraph graph) {
    ClassLinks links = new ClassLinks();
    graph
        .labelEdges()
        .select("from_label", "to_label", "weight")
        .collectAsList()
        .forEach(
            row ->
                links
                    .weights
                    .computeIfAbsent(row.getString(0), unused -> new HashMap<>())
                    .put(row.getString(1), row.getDouble(2)));
    return links;
  }

  /** 0 for classes that no edge joins. */
  double between(String first, String second) {
    return weights.getOrDefault(first, Map.of()).getOrDefault(second, 0.0);
  }
}
