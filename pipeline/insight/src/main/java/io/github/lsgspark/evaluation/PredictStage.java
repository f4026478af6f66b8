package io.github.lsgspark.evaluation;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.dataset.UnlabelledSamples;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.training.TrainedModel;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Labels the pictures of {@code predict.input}, or the unlabelled samples of the prepared table.
 * Writes {@code predictions/} ({@link PredictionTable#UNLABELLED}), {@code rejected/} (id, reason,
 * detail) and {@code metrics.json}. Pictures that cannot be read never fail the stage: they are
 * listed.
 */
public final class PredictStage {
  private PredictStage() {}

  /**
   * Runs the stage.
   *
   * @param prepareDir output of the prepare stage; its unlabelled samples are taken if {@code
   *     predict.input} is empty
   * @param embedDir output of the embed stage: the texts that {@code evaluate.classifier = loki}
   *     measures the distances of classes by; others do without
   * @return the content of metrics.json
   */
  public static Map<String, Object> run(
      SparkSession spark,
      Settings settings,
      String prepareDir,
      String trainDir,
      Optional<String> embedDir,
      String outDir) {
    Prediction prediction = prediction(spark, settings, prepareDir, trainDir, embedDir);
    String input = settings.predict().input();
    if (input.isEmpty()) {
      Dataset<Row> prepared =
          SampleTable.read(spark, prepareDir)
              .where(col("split").equalTo(SampleTable.UNLABELLED))
              .withColumn("reason", lit(null).cast("string"))
              .withColumn("detail", lit(null).cast("string"));
      return prediction.run(prepared, outDir, false);
    }
    UnlabelledSamples samples = new UnlabelledSamples(spark, settings, outDir);
    try {
      return prediction.run(samples.of(input), outDir, true);
    } finally {
      samples.deletePacks();
    }
  }

  /** What labels samples by a model. */
  static Prediction prediction(
      SparkSession spark,
      Settings settings,
      String prepareDir,
      String trainDir,
      Optional<String> embedDir) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    HadoopFiles files = new HadoopFiles(hadoop);
    TrainedModel.check(files, trainDir, TrainedModel.LAST);
    LabelSet labels = SampleTable.labels(files, trainDir);
    ModelOpener opener = new TrainedModelOpener(settings, hadoop, trainDir, TrainedModel.LAST);
    return new Prediction(
        spark,
        settings.evaluate(),
        labels,
        classifiers(spark, settings, labels, prepareDir, embedDir),
        opener,
        () -> TrainingFeatures.of(spark, opener, settings, prepareDir));
  }

  static Classifiers classifiers(
      SparkSession spark,
      Settings settings,
      LabelSet labels,
      String prepareDir,
      Optional<String> embedDir) {
    return Classifiers.predicting(
        spark,
        settings.evaluate(),
        SeenClasses.of(spark, prepareDir, labels.size()),
        () -> ClassDistances.read(spark, labels, embedDir.orElseThrow()));
  }
}
