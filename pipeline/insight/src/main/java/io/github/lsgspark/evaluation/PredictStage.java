package io.github.lsgspark.evaluation;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.dataset.UnlabelledSamples;
import java.util.Map;
import java.util.Optional;
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
    check(settings);
    if (settings.predict().windowStep() > 0 && !settings.predict().input().isEmpty()) {
      return inWindows(spark, settings, prepareDir, trainDir, embedDir, outDir);
    }
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

  /**
   * Refuses windows of what has none.
   *
   * @throws LsgException exit 2 for windows of other samples than sounds
   */
  public static void check(Settings settings) {
    if (settings.predict().windowStep() > 0
        && settings.data().modality() != DataSettings.Modality.AUDIO) {
      throw LsgException.usage("predict.window-step is for sounds: data.modality = audio");
    }
  }

  private static Map<String, Object> inWindows(
      SparkSession spark,
      Settings settings,
      String prepareDir,
      String trainDir,
      Optional<String> embedDir,
      String outDir) {
    PredictingModel model = PredictingModel.of(spark, settings, prepareDir, trainDir, embedDir);
    return new WindowedPrediction(
            spark,
            settings,
            model,
            TrainingFeatures.of(spark, model.opener(), settings, prepareDir))
        .run(
            new UnlabelledSamples(spark, settings, outDir).contents(settings.predict().input()),
            outDir);
  }

  /** What labels samples by a model. */
  static Prediction prediction(
      SparkSession spark,
      Settings settings,
      String prepareDir,
      String trainDir,
      Optional<String> embedDir) {
    PredictingModel model = PredictingModel.of(spark, settings, prepareDir, trainDir, embedDir);
    return new Prediction(
        spark,
        settings.evaluate(),
        model.labels(),
        model.classifiers(),
        model.opener(),
        () -> TrainingFeatures.of(spark, model.opener(), settings, prepareDir));
  }
}
