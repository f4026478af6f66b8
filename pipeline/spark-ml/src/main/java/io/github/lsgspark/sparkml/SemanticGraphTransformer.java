package io.github.lsgspark.sparkml;

import static org.apache.spark.ml.functions.vector_to_array;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.dense_rank;
import static org.apache.spark.sql.functions.row_number;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.graph.SemanticGraph;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Joins class names by the nearness of their vectors: nodes in, edges out. A node is a row of a
 * name and a vector, as {@link LabelTextEmbedder} makes them; a name may have several, all equally
 * many. Edges go both ways, in columns src and dst (names) and weight.
 *
 * <p>{@link SemanticGraph} has the graph itself: numbered nodes, degrees, nearest labels.
 *
 * @since 0.2.0
 */
public final class SemanticGraphTransformer extends Transformer implements DefaultParamsWritable {
  private static final long serialVersionUID = 1L;
  private static final StructType EDGES =
      new StructType()
          .add("src", DataTypes.StringType, true)
          .add("dst", DataTypes.StringType, true)
          .add("weight", DataTypes.DoubleType, true);

  private final String uid;
  private final Param<String> labelCol;
  private final Param<String> vectorCol;
  private final Param<String> graph;

  /** A transformer with a name of its own. */
  public SemanticGraphTransformer() {
    this(Identifiable$.MODULE$.randomUID("semanticGraph"));
  }

  /** A transformer of a name. */
  public SemanticGraphTransformer(String uid) {
    this.uid = uid;
    this.labelCol = new Param<>(uid, "labelCol", "column of class names");
    this.vectorCol = new Param<>(uid, "vectorCol", "column of their vectors");
    this.graph =
        new Param<>(
            uid, "graph", "settings of the section graph of reference.conf, as HOCON: which edges");
    setDefault(labelCol, "label");
    setDefault(vectorCol, "embedding");
    setDefault(graph, "selection = knn, k = 5");
  }

  @Override
  public String uid() {
    return uid;
  }

  /** Column of class names. */
  public Param<String> labelCol() {
    return labelCol;
  }

  /** Column of their vectors. */
  public Param<String> vectorCol() {
    return vectorCol;
  }

  /** Which nodes are joined. */
  public Param<String> graph() {
    return graph;
  }

  /** Sets the column of class names; default: label. */
  public SemanticGraphTransformer setLabelCol(String value) {
    set(labelCol, value);
    return this;
  }

  /** Sets the column of vectors; default: embedding. */
  public SemanticGraphTransformer setVectorCol(String value) {
    set(vectorCol, value);
    return this;
  }

  /** Says which nodes are joined; default: each with its five nearest. */
  public SemanticGraphTransformer setGraph(String value) {
    set(graph, value);
    return this;
  }

  /**
   * The edges between the nodes.
   *
   * @throws LsgException exit 2 for settings or columns that cannot be used, exit 3 for vectors
   *     that cannot
   */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType unused = transformSchema(dataset.schema());
    Dataset<Row> embeddings =
        dataset
            .select(
                SampleColumn.named(getOrDefault(labelCol)).as("label"),
                vector_to_array(SampleColumn.named(getOrDefault(vectorCol)), "float32")
                    .as("embedding"))
            .withColumn("label_id", dense_rank().over(Window.orderBy("label")).minus(1).cast("int"))
            .withColumn(
                "prompt_id",
                row_number()
                    .over(Window.partitionBy("label").orderBy("embedding"))
                    .minus(1)
                    .cast("int"));
    Dataset<Row> nodes = SemanticGraph.nodes(embeddings);
    Dataset<Row> edges = SemanticGraph.build(nodes, getOrDefault(graph)).edges();
    return edges
        .join(broadcast(nodes.select(col("node").as("src"), col("label").as("from"))), "src")
        .join(broadcast(nodes.select(col("node").as("dst"), col("label").as("to"))), "dst")
        .select(col("from").as("src"), col("to").as("dst"), col("weight"));
  }

  @Override
  public StructType transformSchema(StructType schema) {
    String label = getOrDefault(labelCol);
    if (!SampleColumn.type(schema, "labelCol", label).equals(DataTypes.StringType)) {
      throw LsgException.usage("labelCol = " + label + " must hold the names of classes");
    }
    String vector = getOrDefault(vectorCol);
    if (!SampleColumn.type(schema, "vectorCol", vector).equals(SQLDataTypes.VectorType())) {
      throw LsgException.usage("vectorCol = " + vector + " must hold vectors");
    }
    return EDGES;
  }

  @Override
  public SemanticGraphTransformer copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  @Override
  public MLWriter write() {
    return new DefaultParamsWriter(this);
  }

  /** Reads what {@code save} wrote. */
  public static MLReader<SemanticGraphTransformer> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads what {@code save} wrote. */
  public static SemanticGraphTransformer load(String path) {
    return read().load(path);
  }
}
