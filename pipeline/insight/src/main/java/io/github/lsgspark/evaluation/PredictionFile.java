package io.github.lsgspark.evaluation;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.get;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.slice;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.HadoopFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Predictions as one file for people and other programs: path, label, probability, entropy, whether
 * it is unlike all labelled samples, how like the nearest of them it is and which that is, the most
 * probable classes, and for samples that could not be read, why (error; the others are empty).
 */
public final class PredictionFile {

  /** What the end of a file's name stands for. */
  public enum Format {
    /**
     * A header, then a sample a line: path, label, probability, entropy, unlike, similarity,
     * nearest, error, label_2, ....
     */
    CSV,
    /** A JSON object a line, with top as an array of label and probability. */
    JSONL,
    /** A Parquet folder of the same columns. */
    PARQUET;

    /**
     * That of a file.
     *
     * @throws LsgException exit 2 if its name ends otherwise
     */
    public static Format of(String file) {
      String end = file.substring(file.lastIndexOf('.') + 1).toUpperCase(Locale.ROOT);
      for (Format format : values()) {
        if (format.name().equals(end)) {
          return format;
        }
      }
      throw LsgException.usage(
          "a file of predictions must end in .csv, .jsonl or .parquet, but was: " + file);
    }
  }

  private PredictionFile() {}

  /**
   * Writes the predictions of a run of the predict stage, in the order of the paths; a file that is
   * there is replaced.
   *
   * @param predictDir output of the stage
   * @param top classes of each sample, at most 5
   */
  public static void write(SparkSession spark, String predictDir, String file, int top) {
    HadoopFiles files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    String windows = HadoopFiles.path(predictDir, WindowedPrediction.FOLDER);
    if (files.exists(windows)) {
      write(
          shown(spark.read().schema(WindowedPrediction.WINDOWS).parquet(windows), top)
              .unionByName(rejected(spark, predictDir), true)
              .orderBy("path", "start"),
          spark,
          file,
          top);
      return;
    }
    Dataset<Row> rows =
        predicted(spark, predictDir, top)
            .unionByName(rejected(spark, predictDir), true)
            .orderBy("path");
    write(rows, spark, file, top);
  }

  private static void write(Dataset<Row> rows, SparkSession spark, String file, int top) {
    switch (Format.of(file)) {
      case CSV -> written(spark, flat(rows, top), file, "csv");
      case JSONL -> written(spark, rows, file, "json");
      case PARQUET -> rows.coalesce(1).write().mode("overwrite").parquet(file);
    }
  }

  /** The first predictions as lines for a terminal. */
  public static List<String> lines(SparkSession spark, String predictDir, int count, int top) {
    List<String> lines = new ArrayList<>();
    for (Row row : predicted(spark, predictDir, top).orderBy("path").limit(count).collectAsList()) {
      List<String> classes =
          row.<Row>getList(row.fieldIndex("top")).stream()
              .map(
                  one ->
                      String.format(Locale.ROOT, "%s %.1f %%", one.get(0), 100 * one.getDouble(1)))
              .toList();
      String unlike =
          Boolean.TRUE.equals(row.<Boolean>getAs("unlike"))
              ? String.format(
                  Locale.ROOT,
                  "   unlike all labelled samples (%.2f to the nearest)",
                  row.<Double>getAs("similarity"))
              : "";
      lines.add(row.getAs("path") + ": " + String.join(", ", classes) + unlike);
    }
    return lines;
  }

  private static Dataset<Row> predicted(SparkSession spark, String predictDir, int top) {
    return shown(
        spark
            .read()
            .schema(PredictionTable.UNLABELLED)
            .parquet(HadoopFiles.path(predictDir, PredictionTable.FOLDER)),
        top);
  }

  /** Of windows, with their times; a silent one has no class, and says so. */
  private static Dataset<Row> shown(Dataset<Row> predictions, int top) {
    boolean windows = List.of(predictions.columns()).contains("start");
    List<Column> columns = new ArrayList<>();
    columns.add(col("id").as("path"));
    if (windows) {
      columns.add(col("start"));
      columns.add(col("end"));
    }
    columns.addAll(
        List.of(
            col("predicted").as("label"),
            col("confidence").as("probability"),
            col("entropy"),
            col("unlike"),
            col("similarity"),
            col("nearest"),
            transform(
                    slice(col("top"), 1, top),
                    (label, i) ->
                        struct(
                            label.as("label"), get(col("top_probabilities"), i).as("probability")))
                .as("top"),
            windows
                ? when(col("predicted").isNull(), "SILENT: this window is silent").as("error")
                : lit(null).cast("string").as("error")));
    return predictions.select(columns.toArray(Column[]::new));
  }

  private static Dataset<Row> rejected(SparkSession spark, String predictDir) {
    return spark
        .read()
        .schema("id string, reason string, detail string")
        .parquet(HadoopFiles.path(predictDir, Prediction.REJECTED))
        .select(
            col("id").as("path"),
            lit(null).cast("string").as("label"),
            lit(null).cast("double").as("probability"),
            lit(null).cast("double").as("entropy"),
            lit(null).cast("boolean").as("unlike"),
            lit(null).cast("double").as("similarity"),
            lit(null).cast("string").as("nearest"),
            lit(null).cast("array<struct<label: string, probability: double>>").as("top"),
            concat_ws(": ", col("reason"), col("detail")).as("error"));
  }

  private static Dataset<Row> flat(Dataset<Row> rows, int top) {
    List<Column> columns = new ArrayList<>(List.of(col("path")));
    if (List.of(rows.columns()).contains("start")) {
      columns.addAll(List.of(col("start"), col("end")));
    }
    columns.addAll(
        List.of(
            col("label"),
            col("probability"),
            col("entropy"),
            col("unlike"),
            col("similarity"),
            col("nearest"),
            col("error")));
    for (int place = 1; place < top; place++) {
      Column one = get(col("top"), lit(place));
      columns.add(one.getField("label").as("label_" + (place + 1)));
      columns.add(one.getField("probability").as("probability_" + (place + 1)));
    }
    return rows.select(columns.toArray(Column[]::new));
  }

  /** Spark writes folders of files; the only one of them becomes the file. */
  private static void written(SparkSession spark, Dataset<Row> rows, String file, String format) {
    HadoopFiles files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    String folder = file + "._writing";
    try {
      rows.coalesce(1)
          .write()
          .mode("overwrite")
          .option("header", "true")
          .option("escape", "\"")
          .option("emptyValue", "")
          .format(format)
          .save(folder);
      String part =
          files.list(folder).stream()
              .filter(name -> name.substring(name.lastIndexOf('/') + 1).startsWith("part-"))
              .findFirst()
              .orElseThrow(() -> new IllegalStateException(folder + " holds no part"));
      String path = part.contains("/") ? part : HadoopFiles.path(folder, part);
      files.copy(path, file);
    } finally {
      files.delete(folder);
    }
  }
}
