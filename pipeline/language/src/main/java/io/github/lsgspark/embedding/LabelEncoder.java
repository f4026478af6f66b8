package io.github.lsgspark.embedding;

import io.github.lsgspark.graph.EmbeddingTable;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Turns prompted labels into vectors of unit length. An encoder may fit itself to the training
 * prompts of the table; held-out prompts must not influence anything and land in the same space.
 * Vectors depend on the table's content only, not on its partitions.
 */
public interface LabelEncoder {

  /**
   * The vectors of prompts.
   *
   * @param prompts a table of {@link PromptTable#SCHEMA}: one row per label and template, with the
   *     place of the label in the prompt
   * @return a table of {@link EmbeddingTable#SCHEMA}, a row per row of {@code prompts}
   */
  Dataset<Row> encode(Dataset<Row> prompts);

  /** What {@link #encode} has to tell, for {@code metrics.json}. */
  default Map<String, Object> facts() {
    return Map.of();
  }
}
