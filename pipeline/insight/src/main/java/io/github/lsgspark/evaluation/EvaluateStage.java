package io.github.lsgspark.evaluation;

import static org.apache.spark.sql.functions.col;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.training.TrainedModel;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures a trained model on the test split, and on the validation split if there is one. Writes
 * {@code predictions/} ({@link PredictionTable#LABELLED}) of the last checkpoint and {@code
 * metrics.json} ({@link EvaluationRecord}).
 */
public final class EvaluateStage {
  private static final Logger LOG = LoggerFactory.getLogger(EvaluateStage.class);

  private EvaluateStage() {}

  /**
   * Runs the stage.
   *
   * @param prepareDir output of the prepare stage, whose labels the model was trained on
   * @param embedDir output of the embed stage: the true label texts, whatever guided the training
   * @return the content of metrics.json
   * @throws LsgException exit 3 if there are no test samples, or labels do not fit together
   */
  public static Map<String, Object> run(
      SparkSession spark,
      Settings settings,
      String prepareDir,
      String trainDir,
      String embedDir,
      String outDir) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    HadoopFiles files = new HadoopFiles(hadoop);
    LabelSet labels = SampleTable.labels(files, prepareDir);
    LabelSet trained = SampleTable.labels(files, trainDir);
    if (!labels.equals(trained)) {
      throw LsgException.input(
          trainDir + ": was trained on other labels than those of " + prepareDir);
    }
    TrainedModel.check(files, trainDir, TrainedModel.LAST);
    if (TrainedModel.hasValidationPicked(files, trainDir)) {
      TrainedModel.check(files, trainDir, TrainedModel.VALIDATION_PICKED);
    }
    ClassDistances distances = ClassDistances.read(spark, labels, embedDir);
    SeenClasses seen = SeenClasses.of(spark, prepareDir, labels.size());
    Dataset<Row> samples =
        SampleTable.read(spark, prepareDir)
            .where(col("split").isin(SampleTable.TEST, SampleTable.VALIDATION));
    ModelOpener last = new TrainedModelOpener(settings, hadoop, trainDir, TrainedModel.LAST);
    Optional<ModelOpener> validationPicked =
        !TrainedModel.hasValidationPicked(files, trainDir)
            ? Optional.empty()
            : TrainedModel.validationPickedTheLast(files, trainDir)
                ? Optional.of(last)
                : Optional.of(
                    new TrainedModelOpener(
                        settings, hadoop, trainDir, TrainedModel.VALIDATION_PICKED));
    Map<String, Object> metrics =
        new Evaluation(spark, settings.evaluate(), labels, distances, seen)
            .run(samples, last, validationPicked, outDir);
    tell(metrics, "test samples by the " + metrics.get("classifier"));
    if (metrics.get("unseen") instanceof Map<?, ?> unseen) {
      LOG.info("evaluate: {}", UnseenFigures.summary(unseen));
    }
    return metrics;
  }

  static void tell(Map<String, Object> metrics, String samples) {
    LOG.info(
        String.format(
            Locale.ROOT,
            "evaluate: accuracy %.2f %% of %s %s, %s",
            100 * (Double) metrics.get("accuracy"),
            metrics.get("samples"),
            samples,
            metrics.get("mean_semantic_error") instanceof Double error
                ? String.format(Locale.ROOT, "mean semantic error %.3f", error)
                : "no errors"));
  }
}
