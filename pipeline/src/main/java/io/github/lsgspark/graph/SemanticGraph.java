package io.github.lsgspark.graph;

import io.github.lsgspark.config.GraphSettings;
import io.github.lsgspark.config.LsgException;
import java.util.List;
import java.util.Objects;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A graph over prompted labels as two DataFrames.
 *
 * <p>Nodes: {@code node int, label_id int, label string, prompt_id int, embedding array<float>}.
 * Edges: {@code src int, dst int, weight double}, both directions, self loops as selected.
 *
 * @param threshold smallest similarity that was kept; NaN for knn
 */
public record SemanticGraph(Dataset<Row> nodes, Dataset<Row> edges, double threshold) {
  private static final StructType EDGES =
      new StructType()
          .add("src", DataTypes.IntegerType, false)
          .add("dst", DataTypes.IntegerType, false)
          .add("weight", DataTypes.DoubleType, false);

  /**
   * Joins nodes as the settings say. Node numbers must be 0 .. N-1.
   *
   * @param forceSameClass also join all prompts of one label (gen_A2Plus)
   */
  public static SemanticGraph build(
      Dataset<Row> nodes, GraphSettings settings, boolean forceSameClass) {
    SparkSession spark = nodes.sparkSession();
    NodeVectors vectors = collect(nodes);
    EdgeSelector.Selected selected =
        new EdgeSelector(JavaSparkContext.fromSparkContext(spark.sparkContext()), settings)
            .select(vectors, forceSameClass);
    JavaRDD<Row> rows =
        selected
            .edges()
            .map(edge -> RowFactory.create(edge.source(), edge.target(), edge.weight()));
    return new SemanticGraph(nodes, spark.createDataFrame(rows, EDGES), selected.threshold());
  }

  private static NodeVectors collect(Dataset<Row> nodes) {
    List<Row> rows =
        nodes
            .select("node", "label_id", "label", "prompt_id", "embedding")
            .orderBy("node")
            .collectAsList();
    float[][] embeddings = new float[rows.size()][];
    int[] classes = new int[rows.size()];
    for (int i = 0; i < embeddings.length; i++) {
      Row row = rows.get(i);
      if (row.getInt(0) != i) {
        throw LsgException.input(
            "nodes must be numbered 0 to "
                + (rows.size() - 1)
                + " once each, but "
                + i
                + " is "
                + row.getInt(0));
      }
      List<Float> vector = row.getList(4);
      embeddings[i] = new float[vector.size()];
      for (int d = 0; d < embeddings[i].length; d++) {
        embeddings[i][d] = Objects.requireNonNull(vector.get(d));
      }
      classes[i] = row.getInt(1);
    }
    return NodeVectors.of(
        embeddings,
        classes,
        i -> "label '" + rows.get(i).getString(2) + "', prompt " + rows.get(i).getInt(3));
  }

  /** The edges as a matrix on the driver. */
  public CsrMatrix adjacency() {
    return adjacency(edges, Math.toIntExact(nodes.count()));
  }

  /** Edges {@code src, dst, weight} of N nodes as a matrix on the driver. */
  public static CsrMatrix adjacency(Dataset<Row> edges, int nodes) {
    List<Row> rows = edges.selectExpr("src", "dst", "cast(weight as double)").collectAsList();
    int[] sources = new int[rows.size()];
    int[] targets = new int[rows.size()];
    double[] weights = new double[rows.size()];
    for (int e = 0; e < sources.length; e++) {
      Row row = rows.get(e);
      sources[e] = row.getInt(0);
      targets[e] = row.getInt(1);
      weights[e] = row.getDouble(2);
    }
    return CsrMatrix.of(nodes, sources, targets, weights);
  }
}
