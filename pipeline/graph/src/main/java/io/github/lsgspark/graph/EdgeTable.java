package io.github.lsgspark.graph;

import io.github.lsgspark.storage.HadoopFiles;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The edges of a graph, as the graph stage writes them. */
final class EdgeTable {
  /** src int, dst int, weight float; both directions, self loops as selected. */
  static final StructType SCHEMA =
      new StructType()
          .add("src", DataTypes.IntegerType, false)
          .add("dst", DataTypes.IntegerType, false)
          .add("weight", DataTypes.FloatType, false);

  private EdgeTable() {}

  /**
   * Reads an edge table.
   *
   * @param graphDir output of the graph stage
   * @param name of the table in it
   */
  static Dataset<Row> read(SparkSession spark, String graphDir, String name) {
    return spark.read().schema(SCHEMA).parquet(HadoopFiles.path(graphDir, name));
  }
}
