package io.github.lsgspark.report;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sum;

import io.github.lsgspark.graph.GraphStage;
import io.github.lsgspark.storage.HadoopFiles;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** How strongly the semantic graph joins two classes: the mean weight over all pairs of prompts. */
final class ClassLinks {
  private final Map<String, Map<String, Double>> weights = new HashMap<>();

  /**
   * @param graphDir output of the graph stage
   */
  static ClassLinks read(SparkSession spark, String graphDir) {
    Dataset<Row> nodes = spark.read().parquet(HadoopFiles.path(graphDir, GraphStage.NODES));
    Dataset<Row> edges = spark.read().parquet(HadoopFiles.path(graphDir, GraphStage.EDGES));
    Map<String, Long> prompts = new HashMap<>();
    nodes
        .groupBy("label")
        .count()
        .collectAsList()
        .forEach(row -> prompts.put(row.getString(0), row.getLong(1)));
    Dataset<Row> from = nodes.select(col("node").as("src"), col("label").as("from"));
    Dataset<Row> to = nodes.select(col("node").as("dst"), col("label").as("to"));
    ClassLinks links = new ClassLinks();
    edges
        .join(from, "src")
        .join(to, "dst")
        .where(col("from").notEqual(col("to")))
        .groupBy("from", "to")
        .agg(sum(col("weight").cast("double")))
        .collectAsList()
        .forEach(
            row -> {
              String first = row.getString(0);
              String second = row.getString(1);
              double pairs = (double) prompts.get(first) * prompts.get(second);
              links
                  .weights
                  .computeIfAbsent(first, unused -> new HashMap<>())
                  .put(second, row.getDouble(2) / pairs);
            });
    return links;
  }

  /** 0 for classes that no edge joins. */
  double between(String first, String second) {
    return weights.getOrDefault(first, Map.of()).getOrDefault(second, 0.0);
  }
}
