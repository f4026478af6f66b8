package io.github.lsgspark.evaluation;

import io.github.lsgspark.config.EvaluateSettings;
import io.github.lsgspark.config.EvaluateSettings.Classifier;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.head.HeadProbabilities.OfSample;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.JobDescription;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.text.LabelSet;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * Scores the checkpoints of one training on the test and validation splits and writes the result.
 */
final class Evaluation {
  static final String METRICS = "metrics.json";

  private final SparkSession spark;
  private final EvaluateSettings settings;
  private final LabelSet labels;
  private final ClassDistances distances;
  private final SeenClasses seen;

  Evaluation(
      SparkSession spark,
      EvaluateSettings settings,
      LabelSet labels,
      ClassDistances distances,
      SeenClasses seen) {
    this.spark = spark;
    this.settings = settings;
    this.labels = labels;
    this.distances = distances;
    this.seen = seen;
  }

  /**
   * Writes {@code predictions/} of the last checkpoint and {@code metrics.json}.
   *
   * @param validationPicked the model that did best on the validation split, which may be {@code
   *     last} itself
   * @param samples of the splits test and validation
   * @return the content of metrics.json
   * @throws LsgException exit 3 without test samples
   */
  Map<String, Object> run(
      Dataset<Row> samples,
      ModelOpener last,
      Optional<ModelOpener> validationPicked,
      String outDir) {
    try (JobDescription job = JobDescription.of(spark.sparkContext(), "evaluate")) {
      return run(job, samples, last, validationPicked, outDir);
    }
  }

  private Map<String, Object> run(
      JobDescription job,
      Dataset<Row> samples,
      ModelOpener last,
      Optional<ModelOpener> validationPicked,
      String outDir) {
    Classifiers classifiers = Classifiers.measured(spark, settings, seen, distances);
    JavaRDD<Scored> scored = Scoring.of(samples, last, settings.batch(), classifiers);
    scored.persist(StorageLevel.MEMORY_AND_DISK());
    Tallies tallies;
    try {
      job.now("classify the test samples");
      tallies = Tallies.of(scored, labels.size(), settings.calibrationBins());
      if (tallies.of(Classifier.HEAD, SampleTable.TEST).isEmpty()) {
        throw LsgException.input(
            "there are no test samples to evaluate on; data.test or a test/ folder must hold some");
      }
      job.now("write the predictions");
      PredictionTable.labelled(spark, scored, labels, settings.headline())
          .write()
          .mode("overwrite")
          .parquet(HadoopFiles.path(outDir, PredictionTable.FOLDER));
    } finally {
      scored.unpersist(false);
    }
    Optional<Tallies> picked = Optional.empty();
    if (validationPicked.isPresent()) {
      ModelOpener opener = validationPicked.get();
      job.now("classify again by the model that validation picked");
      picked =
          Optional.of(
              opener == last
                  ? tallies
                  : Tallies.of(
                      Scoring.of(samples, opener, settings.batch(), classifiers),
                      labels.size(),
                      settings.calibrationBins()));
    }
    Map<String, Object> record =
        new EvaluationRecord(labels, distances, seen, settings, SampleTable.TEST)
            .of(tallies, picked);
    write(record, outDir);
    return record;
  }

  /**
   * The same of labelled samples that were left out, one after the other.
   *
   * @param said of each by a head that was fitted without it
   * @return the content of metrics.json
   */
  Map<String, Object> leftOut(JavaRDD<OfSample> said, String outDir) {
    try (JobDescription job = JobDescription.of(spark.sparkContext(), "evaluate")) {
      job.now("leave each labelled sample out");
      Classifiers classifiers = Classifiers.measured(spark, settings, seen, distances);
      JavaRDD<Scored> scored = said.map(sample -> scored(sample, classifiers));
      scored.persist(StorageLevel.MEMORY_AND_DISK());
      Tallies tallies = Tallies.of(scored, labels.size(), settings.calibrationBins());
      PredictionTable.labelled(spark, scored, labels, Classifier.HEAD)
          .write()
          .mode("overwrite")
          .parquet(HadoopFiles.path(outDir, PredictionTable.FOLDER));
      scored.unpersist(false);
      Map<String, Object> record =
          new EvaluationRecord(labels, distances, seen, settings, PredictionTable.LEFT_OUT)
              .of(tallies, Optional.empty());
      write(record, outDir);
      return record;
    }
  }

  private static Scored scored(OfSample sample, Classifiers classifiers) {
    float[] logits = new float[sample.probabilities().length];
    for (int c = 0; c < logits.length; c++) {
      logits[c] = (float) Math.log(Math.max(sample.probabilities()[c], Float.MIN_NORMAL));
    }
    return classifiers.scored(
        new Sample(sample.id(), sample.label(), ""),
        PredictionTable.LEFT_OUT,
        new OpenModel.Scores(logits, null));
  }

  private void write(Map<String, Object> record, String outDir) {
    HadoopFiles files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    Json.write(files, HadoopFiles.path(outDir, METRICS), record);
  }
}
