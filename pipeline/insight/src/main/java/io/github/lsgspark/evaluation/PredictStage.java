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
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Labels the pictures of {@code predict.input}, or the unlabelled samples of the prepared table.
 * Writes {@code predictions/} ({@link PredictionTable#UNLABELLED}), {@code rejected/} (id, reason,
 * detail) and {@code metrics.json}. Pictures that cannot be read never fail the stage: they are
 * listed.
 */
public final class PredictStage {
  private static final Logger LOG = LoggerFactory.getLogger(PredictStage.class);

  /** What is said of an hour's windows is held in memory: at this step some 200 MB. */
  private static final double LEAST_STEP = 0.05;

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
    PredictingModel model = PredictingModel.of(spark, settings, prepareDir, trainDir, embedDir);
    Supplier<Nearby> nearby = nearby(spark, settings, model, prepareDir);
    if (!settings.predict().input().isEmpty()) {
      return label(spark, settings, model, nearby, outDir);
    }
    if (settings.predict().windowStep() > 0) {
      LOG.warn(
          "predict.window-step is for the sounds of predict.input, which is empty: the unlabelled"
              + " samples are labelled whole");
    }
    Dataset<Row> prepared =
        SampleTable.read(spark, prepareDir)
            .where(col("split").equalTo(SampleTable.UNLABELLED))
            .withColumn("reason", lit(null).cast("string"))
            .withColumn("detail", lit(null).cast("string"));
    return prediction(spark, settings, model, nearby).run(prepared, outDir, false);
  }

  /**
   * Labels {@code predict.input} by a model that was exported. Nothing is known of its labelled
   * samples, so nothing is told of what is like them.
   *
   * @param settings with those of {@link ModelExport#settings}
   * @param folder what {@link ModelExport} wrote
   * @return the content of metrics.json
   * @throws LsgException exit 3 if the files are not those of one model
   */
  public static Map<String, Object> byFolder(
      SparkSession spark, Settings settings, String folder, String outDir) {
    check(settings);
    PredictingModel model = PredictingModel.ofFolder(spark, settings, folder);
    return label(spark, settings, model, () -> Nearby.NONE, outDir);
  }

  private static Map<String, Object> label(
      SparkSession spark,
      Settings settings,
      PredictingModel model,
      Supplier<Nearby> nearby,
      String outDir) {
    String input = settings.predict().input();
    UnlabelledSamples samples = new UnlabelledSamples(spark, settings, outDir);
    if (settings.predict().windowStep() > 0) {
      return new WindowedPrediction(spark, settings, model, nearby.get())
          .run(samples.contents(input), outDir);
    }
    try {
      return prediction(spark, settings, model, nearby).run(samples.of(input), outDir, true);
    } finally {
      samples.deletePacks();
    }
  }

  /**
   * Refuses windows of what has none.
   *
   * @throws LsgException exit 2 for windows of other samples than sounds, or too many of them
   */
  public static void check(Settings settings) {
    if (settings.predict().windowStep() > 0
        && settings.data().modality() != DataSettings.Modality.AUDIO) {
      throw LsgException.usage("predict.window-step is for sounds: data.modality = audio");
    }
    double step = settings.predict().windowStep();
    if (step > 0 && step < LEAST_STEP) {
      throw LsgException.usage(
          "predict.window-step must be 0 or at least " + LEAST_STEP + ", but was: " + step);
    }
  }

  /** What labels samples by a model. */
  static Prediction prediction(
      SparkSession spark,
      Settings settings,
      String prepareDir,
      String trainDir,
      Optional<String> embedDir) {
    PredictingModel model = PredictingModel.of(spark, settings, prepareDir, trainDir, embedDir);
    return prediction(spark, settings, model, nearby(spark, settings, model, prepareDir));
  }

  private static Supplier<Nearby> nearby(
      SparkSession spark, Settings settings, PredictingModel model, String prepareDir) {
    return () -> TrainingFeatures.of(spark, model.opener(), settings, prepareDir);
  }

  private static Prediction prediction(
      SparkSession spark, Settings settings, PredictingModel model, Supplier<Nearby> nearby) {
    return new Prediction(
        spark, settings.evaluate(), model.labels(), model.classifiers(), model.opener(), nearby);
  }
}
