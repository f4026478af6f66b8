package io.github.lsgspark.experiment;

import io.github.lsgspark.evaluation.UnseenFigure;
import io.github.lsgspark.report.page.HtmlTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Every run of a grid, one row each. */
final class RunTable {
  /** Numbers of an evaluation that become columns, fractions as they were written. */
  private static final List<String> FIGURES =
      List.of("accuracy", "top5", "balanced_accuracy", "ece", "mean_semantic_error");

  private RunTable() {}

  /** The columns; figures are null where they were not measured. */
  static StructType schema() {
    StructType schema =
        new StructType()
            .add("budget", DataTypes.StringType, false)
            .add("labelled", DataTypes.IntegerType, false)
            .add("labels_per_class", DataTypes.DoubleType, false)
            .add("method", DataTypes.StringType, false)
            .add("seed", DataTypes.LongType, false)
            .add("fold", DataTypes.IntegerType, false);
    for (String classifier : List.of("head", "prototypes")) {
      for (String figure : FIGURES) {
        schema = schema.add(classifier + "_" + figure, DataTypes.DoubleType, true);
      }
    }
    for (String classifier : UnseenFigure.CLASSIFIERS) {
      for (UnseenFigure figure : UnseenFigure.values()) {
        String name = "unseen_" + classifier + "_" + figure.key();
        schema = schema.add(name, DataTypes.DoubleType, true);
      }
    }
    return schema
        .add("training_seconds", DataTypes.DoubleType, false)
        .add("stages", DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType), false);
  }

  static void write(SparkSession spark, List<RunResult> results, String path) {
    List<Row> rows = new ArrayList<>();
    for (RunResult result : results) {
      List<Object> row = new ArrayList<>();
      row.add(result.run().budget().toString());
      row.add(result.labelled());
      row.add(result.labelsPerClass());
      row.add(result.run().method());
      row.add(result.run().trial().seed());
      row.add(result.run().trial().fold());
      for (boolean prototypes : new boolean[] {false, true}) {
        for (String figure : FIGURES) {
          row.add(result.number(figure, prototypes).orElse(null));
        }
      }
      for (String classifier : UnseenFigure.CLASSIFIERS) {
        for (UnseenFigure figure : UnseenFigure.values()) {
          row.add(result.unseen(classifier, figure).orElse(null));
        }
      }
      row.add(result.trainingSeconds());
      row.add(result.run().stages());
      rows.add(RowFactory.create(row.toArray()));
    }
    spark
        .createDataFrame(rows, schema())
        .coalesce(1)
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(path);
  }

  static String html(List<RunResult> results) {
    HtmlTable table =
        new HtmlTable(
                "All runs",
                List.of(
                    "labels", "method", "run", "accuracy, %", "with prototypes, %", "training, s"))
            .names(2)
            .sortable();
    for (RunResult result : results) {
      table.row(
          List.of(
              result.run().budget(),
              result.run().method(),
              result.run().trial(),
              percent(result, false),
              percent(result, true),
              String.format(Locale.ROOT, "%.1f", result.trainingSeconds())));
    }
    return table.html();
  }

  private static String percent(RunResult result, boolean prototypes) {
    return result
        .value(Figure.ACCURACY, prototypes)
        .map(value -> String.format(Locale.ROOT, "%.1f", value))
        .orElse("–");
  }
}
