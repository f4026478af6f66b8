package io.github.lsgspark.dataset;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.layout.LeftOut;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.JobDescription;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.text.LabelSet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads and checks all images and draws the label budget. Writes {@code samples/}, {@code packs/}
 * (the encoded images that {@code prepare.store} keeps), {@code rejected/} (what was set aside and
 * why), {@code labels.json} and {@code metrics.json}.
 */
public final class PrepareStage {
  private static final Logger LOG = LoggerFactory.getLogger(PrepareStage.class);
  private static final int EXAMPLES = 5;

  private final SparkSession spark;
  private final Settings settings;
  private final String outDir;
  private final HadoopFiles files;
  private final boolean tested;

  private PrepareStage(SparkSession spark, Settings settings, String outDir, boolean tested) {
    this.spark = spark;
    this.tested = tested;
    this.settings = settings;
    this.outDir = outDir;
    this.files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
  }

  /**
   * Runs the stage.
   *
   * @return what was counted
   * @throws LsgException exit 3 if the share of unreadable files is above prepare.max-bad-fraction
   */
  public static Map<String, Object> run(SparkSession spark, Settings settings, String outDir) {
    try (JobDescription job = JobDescription.of(spark.sparkContext(), "prepare")) {
      return new PrepareStage(spark, settings, outDir, true).run(job);
    }
  }

  /**
   * Runs the stage for samples that need no test split, because somebody else tests the model.
   *
   * @return what was counted
   * @throws LsgException as {@link #run}
   */
  public static Map<String, Object> untested(SparkSession spark, Settings settings, String outDir) {
    try (JobDescription job = JobDescription.of(spark.sparkContext(), "prepare")) {
      return new PrepareStage(spark, settings, outDir, false).run(job);
    }
  }

  private Map<String, Object> run(JobDescription job) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    try (ScratchPacks scratch = new ScratchPacks(HadoopFiles.path(outDir, "scratch"), hadoop)) {
      return run(job, hadoop, scratch);
    }
  }

  private Map<String, Object> run(JobDescription job, Configuration hadoop, ScratchPacks scratch) {
    job.now("list %s", settings.data().train());
    SampleListing listing = SampleListing.of(spark, settings.data(), scratch, tested);
    List<SourceEntry> entries = listing.entries();
    LabelSet labels = SampleClasses.of(spark, settings, listing);
    Set<Integer> unseen = UnseenClasses.of(settings.data().unseenClasses(), labels, hadoop);
    LOG.info(
        "prepare: {} files of {} classes, {} of them without labels by data.unseen-classes",
        entries.size(),
        labels.size(),
        unseen.size());

    job.now("read and check %,d files", entries.size());
    String checkedPath = HadoopFiles.path(outDir, "checked");
    new SampleIngest(spark, settings)
        .check(entries, Optional.of(labels))
        .write()
        .mode("overwrite")
        .parquet(checkedPath);
    Dataset<Row> checked = spark.read().schema(SampleIngest.CHECKED).parquet(checkedPath);
    job.now("set aside what cannot be used");
    failAboveShare(checked.filter(col("reason").isNotNull()), entries.size());
    List<Row> others = others(listing.leftOut());
    Dataset<Row> good = withoutDuplicates(checked.filter(col("reason").isNull()), others);
    Dataset<Row> rejected = rejected(checked, others);
    job.now("draw the label budget and write the samples");
    Dataset<Row> drawn = assigned(good, entries, unseen);
    Map<String, Object> duplicates = Duplicates.of(drawn).report(settings.data().duplicates());
    PackFolder packs = new PackFolder(outDir, hadoop);
    packs
        .packed(
            drawn
                .repartitionByRange(settings.prepare().partitions(), col("split"), col("id"))
                .sortWithinPartitions("split", "id"))
        .write()
        .mode("overwrite")
        .parquet(HadoopFiles.path(outDir, SampleTable.SAMPLES));
    packs.retain(SampleTable.packs(spark, outDir));
    files.write(
        HadoopFiles.path(outDir, SampleTable.LABELS),
        labels.toJson().getBytes(StandardCharsets.UTF_8));
    files.delete(checkedPath);
    job.now("count samples per class and split");
    Map<String, Object> metrics =
        new PrepareMetrics(SampleTable.read(spark, outDir), rejected)
            .of(settings.data(), labels, unseen, listing);
    metrics.put("duplicates", duplicates);
    Json.write(files, HadoopFiles.path(outDir, "metrics.json"), metrics);
    LOG.info("prepare: {}", metrics.get("splits"));
    return metrics;
  }

  /** What is no sample, as rows of the table of rejected ones. */
  private static List<Row> others(List<LeftOut> leftOut) {
    List<Row> others = new ArrayList<>();
    leftOut.forEach(
        left ->
            others.add(RowFactory.create(left.id(), "", "", left.reason().name(), left.detail())));
    return others;
  }

  /** Leaves out what data.duplicates drops, and adds it to the others. */
  private Dataset<Row> withoutDuplicates(Dataset<Row> good, List<Row> others) {
    if (settings.data().duplicates() != DataSettings.Duplicates.DROP_TRAIN) {
      return good;
    }
    List<Duplicates.Dropped> dropped = Duplicates.of(good).toDrop();
    if (dropped.isEmpty()) {
      return good;
    }
    LOG.info("prepare: {} training samples dropped by data.duplicates", dropped.size());
    List<String> ids = new ArrayList<>();
    for (Duplicates.Dropped sample : dropped) {
      ids.add(sample.id());
      others.add(
          RowFactory.create(
              sample.id(), sample.label(), sample.split(), Duplicates.REASON, sample.detail()));
    }
    Dataset<Row> gone = spark.createDataset(ids, Encoders.STRING()).toDF("gone");
    return good.join(gone, col("id").equalTo(col("gone")), "left_anti");
  }

  private Dataset<Row> rejected(Dataset<Row> checked, List<Row> others) {
    String path = HadoopFiles.path(outDir, SampleTable.REJECTED);
    checked
        .filter(col("reason").isNotNull())
        .select("id", "label", "split", "reason", "detail")
        .union(spark.createDataFrame(others, SampleTable.REJECTED_SCHEMA))
        .coalesce(1)
        .sort("id")
        .write()
        .mode("overwrite")
        .parquet(path);
    return spark.read().schema(SampleTable.REJECTED_SCHEMA).parquet(path);
  }

  private void failAboveShare(Dataset<Row> rejected, int total) {
    long bad = rejected.count();
    if (bad == 0) {
      return;
    }
    List<String> examples = new ArrayList<>();
    for (Row row : rejected.sort("id").limit(EXAMPLES).collectAsList()) {
      examples.add(row.getAs("id") + " (" + row.getAs("reason") + ": " + row.getAs("detail") + ")");
    }
    String summary =
        bad
            + " of "
            + total
            + " files cannot be used: "
            + String.join("; ", examples)
            + (bad > EXAMPLES ? "; ..." : "");
    if (bad > settings.prepare().maxBadFraction() * total) {
      throw LsgException.input(
          summary
              + ". That is more than prepare.max-bad-fraction = "
              + settings.prepare().maxBadFraction());
    }
    LOG.warn("prepare: set aside {}", summary);
  }

  private Dataset<Row> assigned(Dataset<Row> good, List<SourceEntry> entries, Set<Integer> unseen) {
    Map<Integer, List<String>> ids = new TreeMap<>();
    for (Row row :
        good.filter(col("split").equalTo("train")).select("label_id", "id").collectAsList()) {
      ids.computeIfAbsent(row.getInt(0), label -> new ArrayList<>()).add(row.getString(1));
    }
    boolean published = entries.stream().anyMatch(entry -> entry.split().equals(SampleTable.TEST));
    SplitAssignment assignment =
        SplitAssignment.draw(
            ids,
            unseen,
            published ? 0 : settings.data().testFraction(),
            settings.data(),
            settings.seed());
    UserDefinedFunction split =
        udf((UDF2<Integer, String, String>) assignment::of, DataTypes.StringType);
    Column ofUnseen = col("label_id").isin(unseen.toArray());
    Dataset<Row> assigned =
        good.drop("reason", "detail")
            .withColumn(
                "split",
                when(col("split").equalTo("train"), split.apply(col("label_id"), col("id")))
                    .when(
                        col("split").equalTo(SampleTable.VALIDATION).and(ofUnseen),
                        SampleTable.UNLABELLED)
                    .otherwise(col("split")));
    return settings.data().unseenClasses().keepUnlabelled()
        ? assigned
        : assigned.filter(not(col("split").equalTo(SampleTable.UNLABELLED).and(ofUnseen)));
  }
}
