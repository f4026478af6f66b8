package io.github.lsgspark.evaluation;

import static org.apache.spark.sql.functions.col;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.SampleContent;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.text.LabelSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.TaskCompletionListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Labels sounds of any length window by window. Of a task one file's bytes, one window of its
 * samples and what was said of its windows are in memory. A sound's own prediction is the mean of
 * its windows' probabilities; silent windows have none, and a sound of silent windows is set aside.
 */
final class WindowedPrediction {
  private static final Logger LOG = LoggerFactory.getLogger(WindowedPrediction.class);

  /** The folder of the windows' table inside a stage's output. */
  static final String FOLDER = "windows";

  /**
   * id string, start and end double (seconds), and the columns of {@link
   * PredictionTable#UNLABELLED}, which are null of silent windows.
   */
  static final StructType WINDOWS = windows();

  /** Of windows; of sounds, whose start is null; and of those set aside, with a reason. */
  private static final StructType ALL =
      WINDOWS.add("reason", DataTypes.StringType, true).add("detail", DataTypes.StringType, true);

  private final SparkSession spark;
  private final Settings settings;
  private final PredictingModel model;
  private final Nearby nearby;

  WindowedPrediction(SparkSession spark, Settings settings, PredictingModel model, Nearby nearby) {
    this.spark = spark;
    this.settings = settings;
    this.model = model;
    this.nearby = nearby;
  }

  private static StructType windows() {
    StructType schema =
        new StructType()
            .add("id", DataTypes.StringType, false)
            .add("start", DataTypes.DoubleType, true)
            .add("end", DataTypes.DoubleType, true);
    for (StructField field : PredictionTable.UNLABELLED.fields()) {
      if (!field.name().equals("id")) {
        schema = schema.add(field.name(), field.dataType(), true);
      }
    }
    return schema;
  }

  /**
   * Writes {@code windows/}, {@code predictions/} ({@link PredictionTable#UNLABELLED}), {@code
   * rejected/} (id, reason, detail) and {@code metrics.json}.
   *
   * @return the content of metrics.json
   * @throws LsgException exit 3 if no sound is sound
   */
  Map<String, Object> run(JavaRDD<SampleContent> sounds, String outDir) {
    String predictions = HadoopFiles.path(outDir, PredictionTable.FOLDER);
    String windows = HadoopFiles.path(outDir, FOLDER);
    String rejected = HadoopFiles.path(outDir, Prediction.REJECTED);
    Dataset<Row> all =
        spark.createDataFrame(labelled(sounds), ALL).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      write(all.filter(col("start").isNotNull()), WINDOWS, windows);
      write(
          all.filter(col("start").isNull().and(col("reason").isNull())),
          PredictionTable.UNLABELLED,
          predictions);
      all.filter(col("reason").isNotNull())
          .select("id", "reason", "detail")
          .repartition(1)
          .sort("id")
          .write()
          .mode("overwrite")
          .parquet(rejected);
    } finally {
      all.unpersist();
    }
    Map<String, Object> metrics =
        new LinkedHashMap<>(
            Prediction.metrics(
                spark.read().schema(PredictionTable.UNLABELLED).parquet(predictions),
                spark.read().parquet(rejected).count()));
    Dataset<Row> written = spark.read().schema(WINDOWS).parquet(windows);
    metrics.put("windows", written.count());
    metrics.put("silent_windows", written.filter(col("predicted").isNull()).count());
    Json.write(
        new HadoopFiles(spark.sparkContext().hadoopConfiguration()),
        HadoopFiles.path(outDir, Evaluation.METRICS),
        metrics);
    Prediction.requireSome(metrics, spark, rejected);
    LOG.info(
        "predict: {} sounds in {} windows, {} of them silent, {} sounds rejected",
        metrics.get("samples"),
        metrics.get("windows"),
        metrics.get("silent_windows"),
        metrics.get("rejected"));
    return metrics;
  }

  private static void write(Dataset<Row> rows, StructType schema, String folder) {
    rows.selectExpr(schema.fieldNames()).write().mode("overwrite").parquet(folder);
  }

  private JavaRDD<Row> labelled(JavaRDD<SampleContent> sounds) {
    TrainedModelOpener opener = model.opener();
    Classifiers classifiers = model.classifiers();
    LabelSet labels = model.labels();
    Nearby near = nearby;
    double step = settings.predict().windowStep();
    int batch = settings.evaluate().batch();
    return sounds.mapPartitions(
        part -> {
          WindowedSounds rows =
              new WindowedSounds(part, opener, classifiers, near, labels, step, batch);
          TaskContext.get()
              .addTaskCompletionListener((TaskCompletionListener) context -> rows.close());
          return rows;
        });
  }
}
