package io.github.lsgspark.report.explanation;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.round;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.evaluation.PredictionTable;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * Counts over the predictions tables of several runs, made by the executors, which keep the rows in
 * storage until this is closed. The driver holds the confusions that occur, not the predictions.
 */
final class PredictionCounts implements AutoCloseable {
  private static final String METRICS = "metrics.json";

  /** Confidences are summed as whole numbers, whose sum does not depend on their order. */
  private static final double UNIT = 0x1p40;

  private final SparkSession spark;
  private final HadoopFiles files;
  private final List<ComparedRun> runs;
  private final Dataset<Row> predictions;

  /**
   * @throws LsgException exit 3 that names a folder of predictions that is missing
   */
  PredictionCounts(SparkSession spark, List<ComparedRun> runs) {
    this.spark = spark;
    this.files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    this.runs = runs;
    this.predictions = predictions().persist(StorageLevel.MEMORY_AND_DISK());
  }

  @Override
  public void close() {
    predictions.unpersist();
  }

  /**
   * What every run got wrong, in the order of the runs.
   *
   * @throws LsgException exit 3 that names a metrics.json that is missing or lacks a key
   */
  List<RunErrors> errors() {
    List<RunErrors> errors = new ArrayList<>();
    for (ComparedRun run : runs) {
      String path = HadoopFiles.path(run.evaluateDir(), METRICS);
      JsonNode metrics = Json.read(files, path);
      for (String key : List.of("classifier", "ece")) {
        if (metrics.path(key).isMissingNode()) {
          throw LsgException.input(path + ": holds no " + key);
        }
      }
      errors.add(new RunErrors(metrics.get("classifier").asText(), metrics.get("ece").asDouble()));
    }
    predictions
        .groupBy("run", "label_id", "predicted_id")
        .count()
        .collectAsList()
        .forEach(
            row -> errors.get(row.getInt(0)).add(row.getInt(1), row.getInt(2), row.getLong(3)));
    Column bin =
        least(col("confidence").multiply(RunErrors.BINS).cast("int"), lit(RunErrors.BINS - 1));
    Column confidence = round(col("confidence").multiply(UNIT)).cast("long");
    predictions
        .groupBy(col("run"), bin.as("bin"))
        .agg(count(lit(1)), sum(col("correct").cast("long")), sum(confidence))
        .collectAsList()
        .forEach(
            row ->
                errors
                    .get(row.getInt(0))
                    .setBin(
                        row.getInt(1),
                        new RunErrors.Bin(row.getLong(2), row.getLong(3), row.getLong(4) / UNIT)));
    return errors;
  }

  /**
   * Which samples every run of one side got wrong and every run of the other got right.
   *
   * @param limit names of samples returned of each kind, at most, chosen by a hash of the name
   */
  SampleChange samples(List<ComparedRun> baseline, List<ComparedRun> method, int limit) {
    Column ofBaseline = of(baseline);
    Column ofMethod = of(method);
    Column right = col("correct").cast("double");
    Dataset<Row> byId =
        predictions
            .where(ofBaseline.or(ofMethod))
            .groupBy("id")
            .agg(
                avg(when(ofBaseline, right)).as("baseline"),
                avg(when(ofMethod, right)).as("method"),
                count(when(ofBaseline, right)).as("baselines"),
                count(when(ofMethod, right)).as("methods"))
            .where(
                col("baselines")
                    .equalTo(baseline.size())
                    .and(col("methods").equalTo(method.size())));
    Column fixed = col("baseline").equalTo(0).and(col("method").equalTo(1));
    Column broken = col("baseline").equalTo(1).and(col("method").equalTo(0));
    Row counts = byId.agg(count(lit(1)), sum(fixed.cast("long")), sum(broken.cast("long"))).first();
    if (counts.getLong(0) == 0) {
      return new SampleChange(0, 0, 0, List.of(), List.of());
    }
    return new SampleChange(
        counts.getLong(0),
        counts.getLong(1),
        counts.getLong(2),
        counts.getLong(1) == 0 ? List.of() : ids(byId.where(fixed), limit),
        counts.getLong(2) == 0 ? List.of() : ids(byId.where(broken), limit));
  }

  private Column of(List<ComparedRun> some) {
    return col("run").isInCollection(some.stream().map(runs::indexOf).toList());
  }

  private static List<String> ids(Dataset<Row> samples, int limit) {
    return samples
        .select("id")
        .orderBy(xxhash64(col("id")), col("id"))
        .limit(limit)
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }

  /** Rows of the test split with the number of their run. */
  private Dataset<Row> predictions() {
    Dataset<Row> all = null;
    for (int r = 0; r < runs.size(); r++) {
      String path = HadoopFiles.path(runs.get(r).evaluateDir(), PredictionTable.FOLDER);
      if (!files.exists(path)) {
        throw LsgException.input(path + ": no such folder of predictions");
      }
      Dataset<Row> one =
          PredictionTable.judged(spark, runs.get(r).evaluateDir())
              .select(
                  lit(r).as("run"),
                  col("id"),
                  col("label_id"),
                  col("predicted_id"),
                  col("confidence"),
                  col("correct"));
      all = all == null ? one : all.union(one);
    }
    return all;
  }
}
