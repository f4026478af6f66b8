package io.github.lsgspark.graph;

import io.github.lsgspark.storage.HadoopFiles;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A graph over prompted labels in one JVM's memory.
 *
 * @param labels label names; class c is {@code labels[c]}
 * @param prompts P, prompts per class
 * @param dimension D
 * @param embeddings X, row-major [C P, D]
 * @param adjacency A, not normalised
 */
public record TextGraph(
    String[] labels, int prompts, int dimension, float[] embeddings, CsrMatrix adjacency)
    implements Serializable {

  /** Reads the graph that guides the backbone. */
  public static TextGraph read(SparkSession spark, String graphDir) {
    return read(spark, graphDir, GraphStage.NODES, GraphStage.EDGES);
  }

  /** Reads the graph that trains the GCN. */
  public static TextGraph readTraining(SparkSession spark, String graphDir) {
    boolean own =
        new HadoopFiles(spark.sparkContext().hadoopConfiguration())
            .exists(HadoopFiles.path(graphDir, GraphStage.TRAINING_EDGES));
    return read(
        spark, graphDir, GraphStage.NODES, own ? GraphStage.TRAINING_EDGES : GraphStage.EDGES);
  }

  /** Reads the graph over the held-out prompts; whether there is one, {@code metrics.json} says. */
  public static TextGraph readHeldout(SparkSession spark, String graphDir) {
    return read(spark, graphDir, GraphStage.HELDOUT_NODES, GraphStage.HELDOUT_EDGES);
  }

  private static TextGraph read(SparkSession spark, String dir, String nodes, String edges) {
    List<Row> rows =
        spark
            .read()
            .parquet(HadoopFiles.path(dir, nodes))
            .select("node", "label_id", "label", "embedding")
            .orderBy("node")
            .collectAsList();
    int classes = 1 + rows.get(rows.size() - 1).getInt(1);
    int dimension = rows.get(0).getList(3).size();
    float[] embeddings = new float[rows.size() * dimension];
    String[] labels = new String[classes];
    for (int t = 0; t < rows.size(); t++) {
      List<Float> vector = rows.get(t).getList(3);
      for (int d = 0; d < dimension; d++) {
        embeddings[t * dimension + d] = vector.get(d);
      }
      labels[rows.get(t).getInt(1)] = rows.get(t).getString(2);
    }
    CsrMatrix adjacency =
        SemanticGraph.adjacency(spark.read().parquet(HadoopFiles.path(dir, edges)), rows.size());
    return new TextGraph(labels, rows.size() / classes, dimension, embeddings, adjacency);
  }

  /** Number of classes C. */
  public int classes() {
    return labels.length;
  }

  /** Number of nodes N = C P. */
  public int nodes() {
    return labels.length * prompts;
  }

  /** Class of each node. */
  public int[] nodeClasses() {
    int[] classes = new int[nodes()];
    Arrays.setAll(classes, t -> t / prompts);
    return classes;
  }

  /** How to call a node in an error. */
  public String nodeName(int node) {
    return "label '" + labels[node / prompts] + "', prompt " + node % prompts;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TextGraph that
        && Arrays.equals(labels, that.labels)
        && Arrays.equals(embeddings, that.embeddings)
        && adjacency.equals(that.adjacency);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(labels) + adjacency.hashCode();
  }

  @Override
  public String toString() {
    return "TextGraph[" + classes() + " labels x " + prompts + " prompts, " + adjacency + "]";
  }
}
