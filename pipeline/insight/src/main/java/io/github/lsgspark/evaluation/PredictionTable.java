package io.github.lsgspark.evaluation;

import static org.apache.spark.sql.functions.col;

import io.github.lsgspark.config.EvaluateSettings.Classifier;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.text.LabelSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The table of predictions, a contract with other programs. */
public final class PredictionTable {
  /** The folder of the table inside a stage's output. */
  public static final String FOLDER = "predictions";

  /**
   * What stands for the split where there is none to test on: the labelled training samples, each
   * predicted by a head that is fitted without it.
   */
  public static final String LEFT_OUT = "leave-one-out";

  private static final StructType PREDICTED =
      new StructType()
          .add("predicted_id", DataTypes.IntegerType, false)
          .add("predicted", DataTypes.StringType, false)
          .add("confidence", DataTypes.DoubleType, false)
          .add("top_ids", DataTypes.createArrayType(DataTypes.IntegerType, false), false)
          .add("top_probabilities", DataTypes.createArrayType(DataTypes.DoubleType, false), false);

  /**
   * id string, predicted_id int, predicted string, confidence double, top_ids array of int,
   * top_probabilities array of double and top array of string (the five most probable classes, best
   * first), entropy double (of the probabilities of all classes, in nats); nearest string (id of
   * the labelled training sample that the model finds it most like), nearest_label string,
   * similarity double (their cosine) and unlike boolean (below the threshold of {@code
   * predict.unlike-quantile}), which are null if that is 0 or there are not two labelled samples.
   */
  public static final StructType UNLABELLED =
      with(new StructType().add("id", "string", false))
          .add("top", DataTypes.createArrayType(DataTypes.StringType, false), false)
          .add("entropy", DataTypes.DoubleType, false)
          .add("nearest", DataTypes.StringType, true)
          .add("nearest_label", DataTypes.StringType, true)
          .add("similarity", DataTypes.DoubleType, true)
          .add("unlike", DataTypes.BooleanType, true);

  /**
   * The same, without top and entropy, with split string, label_id int, label string and correct
   * boolean.
   */
  public static final StructType LABELLED =
      with(
          new StructType()
              .add("id", "string", false)
              .add("split", "string", false)
              .add("label_id", "int", false)
              .add("label", "string", false)
              .add("correct", "boolean", false));

  private PredictionTable() {}

  /** The predictions of a run of the evaluate stage, a table of {@link #LABELLED}. */
  public static Dataset<Row> read(SparkSession spark, String evaluateDir) {
    return spark.read().schema(LABELLED).parquet(HadoopFiles.path(evaluateDir, FOLDER));
  }

  /** Those of them that figures are of: the test split, or the samples that were left out. */
  public static Dataset<Row> judged(SparkSession spark, String evaluateDir) {
    return read(spark, evaluateDir).filter(col("split").isin(SampleTable.TEST, LEFT_OUT));
  }

  private static StructType with(StructType first) {
    StructType schema = first;
    for (var field : PREDICTED.fields()) {
      schema = schema.add(field);
    }
    return schema;
  }

  static Dataset<Row> labelled(
      SparkSession spark, JavaRDD<Scored> scored, LabelSet labels, Classifier classifier) {
    return spark.createDataFrame(
        scored.map(
            sample -> {
              TopKPrediction outcome = sample.headline(classifier);
              return RowFactory.create(
                  sample.id(),
                  sample.split(),
                  sample.labelId(),
                  labels.label(sample.labelId()).name(),
                  outcome.predicted() == sample.labelId(),
                  outcome.predicted(),
                  labels.label(outcome.predicted()).name(),
                  outcome.confidence(),
                  Arrays.stream(outcome.ids()).boxed().toArray(Integer[]::new),
                  Arrays.stream(outcome.probabilities()).boxed().toArray(Double[]::new));
            }),
        LABELLED);
  }

  static Dataset<Row> unlabelled(
      SparkSession spark, JavaRDD<Scored> scored, LabelSet labels, Classifier classifier) {
    return spark.createDataFrame(
        scored.map(
            sample -> {
              List<Object> values = new ArrayList<>(List.of(sample.id()));
              values.addAll(said(sample.headline(classifier), sample.nearest(), labels));
              return RowFactory.create(values.toArray());
            }),
        UNLABELLED);
  }

  /** The values of {@link #UNLABELLED} behind the id. */
  static List<Object> said(TopKPrediction outcome, NearestSample nearest, LabelSet labels) {
    return Arrays.asList(
        outcome.predicted(),
        labels.label(outcome.predicted()).name(),
        outcome.confidence(),
        Arrays.stream(outcome.ids()).boxed().toArray(Integer[]::new),
        Arrays.stream(outcome.probabilities()).boxed().toArray(Double[]::new),
        Arrays.stream(outcome.ids()).mapToObj(id -> labels.label(id).name()).toArray(String[]::new),
        outcome.entropy(),
        nearest.isNone() ? null : nearest.id(),
        nearest.isNone() ? null : labels.label(nearest.labelId()).name(),
        nearest.isNone() ? null : nearest.similarity(),
        nearest.isNone() ? null : nearest.unlike());
  }
}
