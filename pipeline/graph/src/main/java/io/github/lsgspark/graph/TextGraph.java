package io.github.lsgspark.graph;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.HadoopFiles;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import scala.Tuple4;

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
    Dataset<Row> table = NodeTable.read(spark, dir, nodes);
    List<VectorChunk> chunks =
        table
            .select("node", "label_id", "label", "embedding")
            .as(
                Encoders.tuple(
                    Encoders.INT(),
                    Encoders.INT(),
                    Encoders.STRING(),
                    spark.implicits().newFloatArrayEncoder()))
            .javaRDD()
            .mapPartitions(rows -> VectorChunk.of(rows).iterator())
            .collect();
    int count = chunks.stream().mapToInt(chunk -> chunk.nodes.length).sum();
    int classes = 1 + chunks.stream().mapToInt(chunk -> chunk.largestLabel()).max().orElse(-1);
    int dimension = chunks.isEmpty() ? 0 : chunks.get(0).vectors[0].length;
    if ((long) count * dimension > Integer.MAX_VALUE) {
      throw LsgException.input(
          dir
              + " has "
              + count
              + " nodes of "
              + dimension
              + " numbers; the GCN trains on the driver, which holds 2^31 numbers at most. Use"
              + " fewer prompts (prompts.train) or a smaller encoder.");
    }
    float[] embeddings = new float[count * dimension];
    String[] labels = new String[classes];
    for (VectorChunk chunk : chunks) {
      for (int i = 0; i < chunk.nodes.length; i++) {
        labels[chunk.labels[i]] = chunk.names[i];
        System.arraycopy(chunk.vectors[i], 0, embeddings, chunk.nodes[i] * dimension, dimension);
      }
    }
    CsrMatrix adjacency = EdgeChunk.matrix(EdgeTable.read(spark, dir, edges), count);
    return new TextGraph(labels, count / classes, dimension, embeddings, adjacency);
  }

  /** Nodes of a partition on their way to the driver. */
  private record VectorChunk(int[] nodes, int[] labels, String[] names, float[][] vectors)
      implements Serializable {
    static List<VectorChunk> of(Iterator<Tuple4<Integer, Integer, String, float[]>> rows) {
      List<Tuple4<Integer, Integer, String, float[]>> all = new ArrayList<>();
      rows.forEachRemaining(all::add);
      return all.isEmpty()
          ? List.of()
          : List.of(
              new VectorChunk(
                  all.stream().mapToInt(Tuple4::_1).toArray(),
                  all.stream().mapToInt(Tuple4::_2).toArray(),
                  all.stream().map(Tuple4::_3).toArray(String[]::new),
                  all.stream().map(Tuple4::_4).toArray(float[][]::new)));
    }

    int largestLabel() {
      return Arrays.stream(labels).max().orElse(-1);
    }
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
