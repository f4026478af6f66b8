package io.github.lsgspark.graph;

import io.github.lsgspark.storage.HadoopFiles;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The table of label embeddings, a contract with other programs. */
public final class EmbeddingTable {
  /** The folder of the table inside the embed stage's output. */
  public static final String FOLDER = "embeddings";

  /**
   * label_id int, label string, prompt_id int, prompt string, split string (train or heldout),
   * embedding array of float, of unit length. Prompts are numbered over both splits: training ones
   * from 0, held-out ones after them.
   */
  public static final StructType SCHEMA =
      new StructType()
          .add("label_id", DataTypes.IntegerType, false)
          .add("label", DataTypes.StringType, false)
          .add("prompt_id", DataTypes.IntegerType, false)
          .add("prompt", DataTypes.StringType, false)
          .add("split", DataTypes.StringType, false)
          .add("embedding", DataTypes.createArrayType(DataTypes.FloatType, false), false);

  private EmbeddingTable() {}

  /** The table of a run of the embed stage. */
  public static Dataset<Row> read(SparkSession spark, String embedDir) {
    return spark.read().schema(SCHEMA).parquet(HadoopFiles.path(embedDir, FOLDER));
  }
}
