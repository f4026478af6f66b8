package io.github.lsgspark.evaluation;

import io.github.lsgspark.config.EvaluateSettings.Classifier;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.training.TrainedModel;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/** A model that labels samples: what opens it, its classes, and what its scores come to. */
record PredictingModel(LabelSet labels, Classifiers classifiers, TrainedModelOpener opener) {

  /**
   * Describes a model on the driver.
   *
   * @param prepareDir output of the prepare stage, whose classes with labels count
   * @param modelDir output of the stage that made the model
   * @param embedDir output of the embed stage, for {@code evaluate.classifier = loki}
   * @throws LsgException exit 3 if the files are not those of one model
   */
  static PredictingModel of(
      SparkSession spark,
      Settings settings,
      String prepareDir,
      String modelDir,
      Optional<String> embedDir) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    HadoopFiles files = new HadoopFiles(hadoop);
    TrainedModel.check(files, modelDir, TrainedModel.LAST);
    LabelSet labels = SampleTable.labels(files, modelDir);
    Classifiers classifiers =
        Classifiers.predicting(
            spark,
            settings.evaluate(),
            SeenClasses.of(spark, prepareDir, labels.size()),
            () -> ClassDistances.read(spark, labels, embedDir.orElseThrow()));
    return new PredictingModel(
        labels, classifiers, new TrainedModelOpener(settings, hadoop, modelDir, TrainedModel.LAST));
  }

  /**
   * Describes a model that was exported, which its linear classifier speaks for.
   *
   * @throws LsgException exit 2 for another {@code evaluate.classifier}, exit 3 if the files are
   *     not those of one model
   */
  static PredictingModel ofFolder(SparkSession spark, Settings settings, String folder) {
    if (settings.evaluate().headline() != Classifier.HEAD) {
      throw LsgException.usage("evaluate.classifier must be head for a model that was exported");
    }
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    HadoopFiles files = new HadoopFiles(hadoop);
    TrainedModel.check(files, folder, TrainedModel.LAST);
    LabelSet labels = SampleTable.labels(files, folder);
    SeenClasses all = SeenClasses.of(labels.size(), IntStream.range(0, labels.size()).toArray());
    Classifiers classifiers =
        Classifiers.predicting(
            spark,
            settings.evaluate(),
            all,
            () -> {
              throw new IllegalStateException("only loki asks for distances");
            });
    return new PredictingModel(
        labels, classifiers, new TrainedModelOpener(settings, hadoop, folder, TrainedModel.LAST));
  }
}
