package io.github.lsgspark.evaluation;

import static org.apache.spark.sql.functions.col;

import io.github.lsgspark.config.EvaluateSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.text.LabelSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Labels samples by a trained model, and lists those that cannot be read. */
final class Prediction {
  private static final Logger LOG = LoggerFactory.getLogger(Prediction.class);
  static final String REJECTED = "rejected";
  private static final int EXAMPLES = 3;

  private final SparkSession spark;
  private final EvaluateSettings settings;
  private final LabelSet labels;
  private final Classifiers classifiers;
  private final ModelOpener opener;
  private final Supplier<Nearby> nearby;
  private Nearby found;

  Prediction(
      SparkSession spark,
      EvaluateSettings settings,
      LabelSet labels,
      Classifiers classifiers,
      ModelOpener opener,
      Supplier<Nearby> nearby) {
    this.spark = spark;
    this.settings = settings;
    this.labels = labels;
    this.classifiers = classifiers;
    this.opener = opener;
    this.nearby = nearby;
  }

  /**
   * Writes {@code predictions/} ({@link PredictionTable#UNLABELLED}), {@code rejected/} (id,
   * reason, detail) and {@code metrics.json}.
   *
   * @param checked rows of the sample table with reason and detail, null where the sample is sound
   * @param samplesExpected whether it is an error if none is sound
   * @return the content of metrics.json
   * @throws LsgException exit 3 if one was expected and none is sound
   */
  Map<String, Object> run(Dataset<Row> checked, String outDir, boolean samplesExpected) {
    String predictions = HadoopFiles.path(outDir, PredictionTable.FOLDER);
    String rejected = HadoopFiles.path(outDir, REJECTED);
    Dataset<Row> kept = checked.persist(StorageLevel.MEMORY_AND_DISK());
    try {
      kept.filter(col("reason").isNotNull())
          .select("id", "reason", "detail")
          .repartition(1)
          .sort("id")
          .write()
          .mode("overwrite")
          .parquet(rejected);
      Dataset<Row> sound = kept.filter(col("reason").isNull());
      PredictionTable.unlabelled(
              spark,
              Scoring.of(
                  sound,
                  opener,
                  settings.batch(),
                  classifiers,
                  sound.isEmpty() ? Nearby.NONE : nearby()),
              labels,
              settings.headline())
          .write()
          .mode("overwrite")
          .parquet(predictions);
    } finally {
      kept.unpersist();
    }
    Map<String, Object> metrics =
        metrics(
            spark.read().schema(PredictionTable.UNLABELLED).parquet(predictions),
            spark
                .read()
                .schema("id string, reason string, detail string")
                .parquet(rejected)
                .count());
    Json.write(
        new HadoopFiles(spark.sparkContext().hadoopConfiguration()),
        HadoopFiles.path(outDir, Evaluation.METRICS),
        metrics);
    if (samplesExpected) {
      requireSome(metrics, spark, rejected);
    }
    LOG.info(
        "predict: {} samples, {} of them unlike what the model has seen, {} rejected",
        metrics.get("samples"),
        metrics.get("unlike"),
        metrics.get("rejected"));
    return metrics;
  }

  /** It takes a look at the labelled samples, which is had once, and only where it is needed. */
  private synchronized Nearby nearby() {
    if (found == null) {
      found = nearby.get();
    }
    return found;
  }

  /**
   * Refuses a source of which nothing could be predicted.
   *
   * @throws LsgException exit 3 if that is so
   */
  static void requireSome(Map<String, Object> metrics, SparkSession spark, String rejected) {
    if (metrics.get("samples").equals(0L)) {
      throw LsgException.input(
          "predict.input: no file could be predicted; "
              + metrics.get("rejected")
              + " are set aside, such as "
              + spark.read().parquet(rejected).limit(EXAMPLES).collectAsList());
    }
  }

  static Map<String, Object> metrics(Dataset<Row> predictions, long rejected) {
    Map<String, Long> counts = new TreeMap<>();
    long samples = 0;
    for (Row row : predictions.groupBy("predicted").count().collectAsList()) {
      counts.put(row.getString(0), row.getLong(1));
      samples += row.getLong(1);
    }
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("samples", samples);
    metrics.put("rejected", rejected);
    metrics.put("unlike", predictions.filter(col("unlike")).count());
    metrics.put("predicted", counts);
    return metrics;
  }
}
