package io.github.lsgspark.graph;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sum;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The graph of labels that follows from the graph of their prompts. */
final class LabelEdges {
  private LabelEdges() {}

  /** See {@link SemanticGraph#labelEdges}. */
  static Dataset<Row> of(Dataset<Row> nodes, Dataset<Row> edges) {
    Dataset<Row> labels =
        nodes.groupBy("label_id", "label").count().withColumnRenamed("count", "prompts");
    Dataset<Row> weights =
        edges
            .join(nodes.select(col("node").as("src"), col("label_id").as("from")), "src")
            .join(nodes.select(col("node").as("dst"), col("label_id").as("to")), "dst")
            .where(col("from").notEqual(col("to")))
            .groupBy("from", "to")
            .agg(sum("weight").as("sum"));
    return weights
        .join(broadcast(side(labels, "from")), "from")
        .join(broadcast(side(labels, "to")), "to")
        .select(
            col("from"),
            col("from_label"),
            col("to"),
            col("to_label"),
            col("sum").divide(col("from_prompts").multiply(col("to_prompts"))).as("weight"));
  }

  private static Dataset<Row> side(Dataset<Row> labels, String side) {
    return labels.select(
        col("label_id").as(side),
        col("label").as(side + "_label"),
        col("prompts").as(side + "_prompts"));
  }
}
