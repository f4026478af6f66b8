package io.github.lsgspark.features;

import static org.apache.spark.sql.functions.col;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Features that earlier runs computed by the same network, layers and views, by the content of the
 * samples: new samples cost only themselves.
 */
final class EarlierFeatures {
  private static final String MANIFEST = "manifest.json";

  private final SparkSession spark;
  private final FeatureFacts facts;
  private final Optional<Dataset<Row>> known;

  private EarlierFeatures(SparkSession spark, FeatureFacts facts, Optional<Dataset<Row>> known) {
    this.spark = spark;
    this.facts = facts;
    this.known = known;
  }

  /**
   * Looks for them.
   *
   * @param folder whose subfolders may be finished outputs
   */
  static EarlierFeatures of(
      SparkSession spark, HadoopFiles files, FeatureFacts facts, Optional<String> folder) {
    List<String> found = new ArrayList<>();
    for (String name : folder.map(files::list).orElse(List.of())) {
      String output = HadoopFiles.path(folder.orElseThrow(), name);
      if (!name.startsWith("_") && isAlike(files, output, facts)) {
        found.add(HadoopFiles.path(output, FeatureTable.FOLDER));
      }
    }
    if (found.isEmpty()) {
      return new EarlierFeatures(spark, facts, Optional.empty());
    }
    Dataset<Row> rows =
        spark
            .read()
            .schema(FeatureTable.schema(facts.store()))
            .parquet(found.toArray(String[]::new))
            .filter(col("content").isNotNull())
            .select("content", "view", "features")
            .dropDuplicates("content", "view");
    return new EarlierFeatures(spark, facts, Optional.of(rows));
  }

  private static boolean isAlike(HadoopFiles files, String output, FeatureFacts facts) {
    String path = HadoopFiles.path(output, FeatureTable.FACTS);
    try {
      return files.exists(HadoopFiles.path(output, MANIFEST))
          && files.exists(path)
          && Json.read(files, path, FeatureFacts.class).key().equals(facts.key());
    } catch (LsgException | UncheckedIOException e) {
      // Damaged, or deleted just now: computed anew.
      return false;
    }
  }

  boolean isEmpty() {
    return known.isEmpty();
  }

  /** The samples that have to be computed. */
  Dataset<Row> missing(Dataset<Row> samples) {
    return known
        .map(
            rows ->
                samples.join(
                    rows.filter(col("view").equalTo(0)).select(col("content").as("known")),
                    col("content").equalTo(col("known")),
                    "left_anti"))
        .orElse(samples);
  }

  /** The rows of the others. */
  Dataset<Row> rows(Dataset<Row> samples) {
    return known
        .map(
            rows ->
                samples
                    .join(
                        rows.withColumnRenamed("content", "known"),
                        col("content").equalTo(col("known")))
                    .select(
                        col("id").as("sample_id"),
                        col("split"),
                        col("label_id"),
                        col("content"),
                        col("view"),
                        col("features")))
        .orElseGet(() -> spark.createDataFrame(List.of(), FeatureTable.schema(facts.store())));
  }
}
