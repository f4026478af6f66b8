package io.github.lsgspark.report.explanation;

import io.github.lsgspark.evaluation.PredictionTable;
import io.github.lsgspark.graph.EmbeddingTable;
import io.github.lsgspark.text.LabelSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Outputs of stages, written by hand, that comparisons are made of. */
public final class TinyRuns {
  private final SparkSession spark;
  private final Path folder;

  public TinyRuns(SparkSession spark, Path folder) {
    this.spark = spark;
    this.folder = folder;
  }

  /** Samples of one class: what each was taken for. */
  public record Taken(int label, int... predicted) {}

  /** Output of train: the classes. */
  public String train(String name, LabelSet labels) throws IOException {
    Path path = Files.createDirectories(folder.resolve(name));
    Files.writeString(path.resolve("labels.json"), labels.toJson());
    return path.toString();
  }

  /** Output of embed: one prompt of each class, at an angle in a plane. */
  public String embed(String name, LabelSet labels, double... angles) {
    List<Row> rows = new ArrayList<>();
    for (int c = 0; c < labels.size(); c++) {
      Float[] vector = {(float) Math.cos(angles[c]), (float) Math.sin(angles[c])};
      rows.add(RowFactory.create(c, labels.label(c).name(), 0, "p", "train", vector));
    }
    return write(rows, EmbeddingTable.SCHEMA, name, EmbeddingTable.FOLDER);
  }

  /**
   * Output of graph: one node per class.
   *
   * @param joined pairs of classes
   */
  public String graph(String name, LabelSet labels, int[]... joined) {
    List<Row> nodes = new ArrayList<>();
    List<Row> edges = new ArrayList<>();
    for (int c = 0; c < labels.size(); c++) {
      nodes.add(RowFactory.create(c, c, labels.label(c).name(), 0, new Float[] {1f}));
      edges.add(RowFactory.create(c, c, 1f));
    }
    for (int[] pair : joined) {
      edges.add(RowFactory.create(pair[0], pair[1], 0.5f));
      edges.add(RowFactory.create(pair[1], pair[0], 0.5f));
    }
    write(
        nodes,
        StructType.fromDDL(
            "node int, label_id int, label string, prompt_id int, embedding array<float>"),
        name,
        "nodes");
    return write(edges, StructType.fromDDL("src int, dst int, weight float"), name, "edges");
  }

  /**
   * Output of evaluate. Samples are called label/number; all are predicted with confidence 0.75 but
   * the very first, of 1. One sample of another split is wrong.
   *
   * @param ece calibration error in metrics.json
   * @param more text of further keys in metrics.json, beginning with a comma, or empty
   */
  public String evaluate(String name, LabelSet labels, double ece, String more, Taken... samples)
      throws IOException {
    List<Row> rows = new ArrayList<>();
    for (Taken taken : samples) {
      for (int s = 0; s < taken.predicted().length; s++) {
        String id = labels.label(taken.label()).name() + "/" + s;
        double confidence = rows.isEmpty() ? 1 : 0.75;
        rows.add(row(id, "test", labels, taken.label(), taken.predicted()[s], confidence));
      }
    }
    rows.add(row("other", "validation", labels, 0, 1, 0.1));
    String path = write(rows, PredictionTable.LABELLED, name, PredictionTable.FOLDER);
    Files.writeString(
        Path.of(path).resolve("metrics.json"),
        "{\"classifier\":\"head\",\"ece\":" + ece + more + "}");
    return path;
  }

  private static Row row(
      String id, String split, LabelSet labels, int label, int predicted, double confidence) {
    return RowFactory.create(
        id,
        split,
        label,
        labels.label(label).name(),
        label == predicted,
        predicted,
        labels.label(predicted).name(),
        confidence,
        new Integer[] {predicted},
        new Double[] {confidence});
  }

  private String write(List<Row> rows, StructType schema, String name, String table) {
    String path = folder.resolve(name).toString();
    spark
        .createDataFrame(rows, schema)
        .coalesce(1)
        .write()
        .mode("overwrite")
        .parquet(path + "/" + table);
    return path;
  }
}
