package io.github.lsgspark.evaluation;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.head.FittedHead;
import io.github.lsgspark.head.HeadFit;
import io.github.lsgspark.head.HeadProbabilities;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.text.Label;
import io.github.lsgspark.text.LabelSet;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * Judges a ridge on frozen features where there is no test split: each labelled sample by the ridge
 * that is fitted to all others, exactly (Allen 1974). Writes what {@link EvaluateStage} does, with
 * {@link PredictionTable#LEFT_OUT} for the split.
 */
public final class LeaveOneOutStage {
  private LeaveOneOutStage() {}

  /**
   * Judges a ridge where there is no test split: each labelled sample by the ridge that is fitted
   * to all others, exactly (Allen 1974).
   *
   * @param featuresDir output of the stage features, of the samples of prepareDir
   * @return the content of metrics.json
   */
  public static Map<String, Object> run(
      SparkSession spark,
      Settings settings,
      String prepareDir,
      String featuresDir,
      String embedDir,
      String outDir) {
    HadoopFiles files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    LabelSet labels = SampleTable.labels(files, prepareDir);
    FittedHead fitted =
        HeadFit.fit(
            spark,
            settings.head(),
            featuresDir,
            labels.labels().stream().map(Label::name).toList());
    Map<String, Object> metrics =
        new Evaluation(
                spark,
                settings.evaluate(),
                labels,
                ClassDistances.read(spark, labels, embedDir),
                SeenClasses.of(spark, prepareDir, labels.size()))
            .leftOut(
                HeadProbabilities.leftOut(spark, settings.head(), featuresDir, fitted), outDir);
    EvaluateStage.tell(
        metrics, "labelled samples, each by a head fitted to all others (leave-one-out)");
    return metrics;
  }
}
