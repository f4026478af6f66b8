package io.github.lsgspark.features;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.FeaturesSettings;
import io.github.lsgspark.config.FeaturesSettings.Store;
import io.github.lsgspark.config.FeaturesSettings.Views;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.TrainSettings.Device;
import io.github.lsgspark.config.TrainSettings.Precision;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.JobDescription;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.storage.RelativePath;
import io.github.lsgspark.storage.TaskProgress;
import io.github.lsgspark.text.Label;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.tower.TowerDirectory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.CollectionAccumulator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the network of {@code train.backbone} and {@code train.weights} once over all samples, in
 * evaluation mode. Writes {@code features/} (Parquet, {@link FeatureTable#schema}), {@code
 * rejected/} (samples whose features are no finite numbers), {@code features.json} ({@link
 * FeatureFacts}) and {@code metrics.json}. Samples whose content an earlier output of the same
 * network, layers and views has are taken from there.
 */
public final class FeaturesStage {
  private static final Logger LOG = LoggerFactory.getLogger(FeaturesStage.class);

  private final SparkSession spark;
  private final Settings settings;
  private final HadoopFiles files;
  private final FrozenNetwork network;
  private final FeatureFacts facts;
  private final String outDir;

  private FeaturesStage(
      SparkSession spark,
      Settings settings,
      FrozenNetwork network,
      FeatureFacts facts,
      String outDir) {
    this.spark = spark;
    this.settings = settings;
    this.files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    this.network = network;
    this.facts = facts;
    this.outDir = outDir;
  }

  /**
   * Runs the stage.
   *
   * @param prepareDir output of the prepare stage
   * @param weightsPath safetensors of the network, or the TorchScript file of a module; empty:
   *     drawn by the seed
   * @param embedDir output of the embed stage, where {@link FrameTexts#isWanted}
   * @param outDir takes the output
   * @param earlier folder whose subfolders may be earlier outputs of this stage
   * @return what was counted
   * @throws LsgException exit 2 for settings that do not fit each other; exit 3 for weights that do
   *     not fit, and if the share of samples without finite features is above
   *     prepare.max-bad-fraction
   */
  public static Map<String, Object> run(
      SparkSession spark,
      Settings settings,
      String prepareDir,
      Optional<String> weightsPath,
      Optional<String> embedDir,
      String outDir,
      Optional<String> earlier) {
    check(settings);
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    HadoopFiles files = new HadoopFiles(hadoop);
    LabelSet labels = SampleTable.labels(files, prepareDir);
    FrozenNetwork network =
        FrozenNetwork.of(
            settings,
            weightsPath.map(path -> TowerDirectory.content(files, path)).orElse(new byte[0]),
            weightsPath.orElse(""),
            FrameTexts.of(
                spark, settings, labels.labels().stream().map(Label::name).toList(), embedDir));
    if (weightsPath.isEmpty()) {
      LOG.warn(
          "features: train.weights is empty, so these are features of a network of random weights");
    }
    FeatureFacts facts = facts(settings, network, labels.size());
    try (JobDescription job = JobDescription.of(spark.sparkContext(), "features")) {
      return new FeaturesStage(spark, settings, network, facts, outDir)
          .run(job, SampleTable.read(spark, prepareDir), earlier);
    }
  }

  /** The same where no texts are held against frames. */
  public static Map<String, Object> run(
      SparkSession spark,
      Settings settings,
      String prepareDir,
      Optional<String> weightsPath,
      String outDir,
      Optional<String> earlier) {
    return run(spark, settings, prepareDir, weightsPath, Optional.empty(), outDir, earlier);
  }

  /**
   * Looks for what can be known to be wrong from the settings alone.
   *
   * @throws LsgException exit 2
   */
  public static void check(Settings settings) {
    if (settings.features().views() == Views.MIRRORED
        && settings.data().modality() == Modality.AUDIO) {
      throw LsgException.usage(
          "features.views = mirrored is for images and videos, but data.modality was: audio");
    }
    if (FrameTexts.isWanted(settings) && settings.data().modality() != Modality.VIDEO) {
      throw LsgException.usage(
          "features.frames = attention is for data.modality = video, but that was: "
              + settings.data().modality().name().toLowerCase(Locale.ROOT));
    }
  }

  /** Whether a configuration's arithmetic is bfloat16, its device decided. */
  public static boolean isBfloat16(Settings settings) {
    return switch (settings.features().precision()) {
      case FLOAT32 -> false;
      case BFLOAT16 -> true;
      case AUTO -> settings.train().device() == Device.CUDA;
    };
  }

  private static FeatureFacts facts(Settings settings, FrozenNetwork network, int classes) {
    FeaturesSettings features = settings.features();
    String precision =
        Precision.valueOf(isBfloat16(settings) ? "BFLOAT16" : "FLOAT32")
            .name()
            .toLowerCase(Locale.ROOT);
    int evaluationViews = network.input().open(settings.prepare()).evaluationViews();
    return new FeatureFacts(
        network.key(settings, precision, settings.train().device().name()).hex(),
        network.backbone(),
        network.variant(),
        network.digest(),
        network.dimension(),
        network.slices(),
        features.pooling(),
        Extraction.rows(features, evaluationViews),
        precision,
        features.store(),
        classes,
        network.input(),
        new double[network.dimension()],
        new double[network.dimension()]);
  }

  private Map<String, Object> run(
      JobDescription job, Dataset<Row> samples, Optional<String> earlier) {
    job.now("count the samples");
    long count = samples.count();
    EarlierFeatures known = EarlierFeatures.of(spark, files, facts, earlier);
    Dataset<Row> open = samples.select("id", "split", "label_id", "content", "reference");
    Dataset<Row> missing = known.missing(open).cache();
    long computed = known.isEmpty() ? count : missing.count();
    LOG.info(
        "features: {} of {} samples through {}, {} numbers of {}, views {}, {}{}",
        computed,
        count,
        network.backbone(),
        network.dimension(),
        network.slices().stream().map(FeatureSlice::name).toList(),
        Arrays.toString(network.input().shape()),
        facts.precision(),
        computed == count ? "" : "; the others are there from earlier runs");
    long start = System.nanoTime();
    Set<String> broken = write(job, missing, computed, known.rows(open));
    double seconds = (System.nanoTime() - start) / 1e9;
    missing.unpersist();
    job.now("set aside what has no features");
    setAside(samples, broken, count);
    job.now("average the features");
    Json.write(
        files,
        HadoopFiles.path(outDir, FeatureTable.FACTS),
        facts.with(FeatureMeans.of(spark, outDir, facts.store(), facts.dimension())));
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("samples", count - broken.size());
    metrics.put("rejected", broken.size());
    metrics.put("computed", computed);
    metrics.put("dimension", network.dimension());
    metrics.put("seconds", seconds);
    metrics.put("samples_per_second", computed == 0 ? 0 : computed / seconds);
    Json.write(files, HadoopFiles.path(outDir, "metrics.json"), metrics);
    LOG.info(
        String.format(
            Locale.ROOT,
            "features: %,d samples in %.1f s, %,.0f samples/s",
            computed,
            seconds,
            computed / Math.max(seconds, 1e-3)));
    return metrics;
  }

  /** Computes the features of samples, and writes them with those that are there. */
  private Set<String> write(
      JobDescription job, Dataset<Row> missing, long count, Dataset<Row> known) {
    job.now("compute the features of %,d samples", count);
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<FrozenNetwork> sent = context.broadcast(network);
    CollectionAccumulator<String> broken =
        spark.sparkContext().collectionAccumulator("samples without features");
    try (TaskProgress progress =
        new TaskProgress(spark.sparkContext(), LOG, "Saw", "samples", Math.max(1, count))) {
      JavaRDD<Row> rows =
          missing
              .repartitionByRange(tasks(count), col("split"), col("id"))
              .sortWithinPartitions("split", "id")
              .javaRDD()
              .mapPartitions(
                  new FeatureRows(
                      sent,
                      settings,
                      isBfloat16(settings),
                      spark.sparkContext().hadoopConfiguration(),
                      progress.done(),
                      broken));
      spark
          .createDataFrame(rows, FeatureTable.schema(facts.store()))
          .union(known)
          .write()
          .mode("overwrite")
          .parquet(HadoopFiles.path(outDir, FeatureTable.FOLDER));
    } finally {
      sent.destroy();
    }
    // A task that was run twice has told twice.
    return new TreeSet<>(broken.value());
  }

  /** Enough for all cores to have work till the end. */
  private int tasks(long count) {
    long even = 2L * spark.sparkContext().defaultParallelism();
    long byCount = count / settings.features().partition() + 1;
    return (int)
        Math.max(1, Math.min(count / settings.features().batch() + 1, Math.max(even, byCount)));
  }

  private void setAside(Dataset<Row> samples, Set<String> broken, long count) {
    Dataset<Row> rejected =
        samples
            .filter(col("id").isin(broken.toArray()))
            .select(
                col("id"),
                col("label"),
                col("split"),
                lit("NOT_FINITE").as("reason"),
                col("reference").as("detail"));
    rejected
        .coalesce(1)
        .sort("id")
        .write()
        .mode("overwrite")
        .parquet(HadoopFiles.path(outDir, FeatureTable.REJECTED));
    if (broken.isEmpty()) {
      return;
    }
    Row first = rejected.orderBy("id").first();
    String told =
        "features of %d of %d samples hold a number that is not finite%s, such as those of %s (%s)"
            .formatted(
                broken.size(),
                count,
                facts.store() == Store.FLOAT16 ? ", or too large for features.store = float16" : "",
                first.getAs("id"),
                RelativePath.printable(first.getAs("detail")));
    if (broken.size() > settings.prepare().maxBadFraction() * count) {
      throw LsgException.input(
          told + ": more than prepare.max-bad-fraction = " + settings.prepare().maxBadFraction());
    }
    LOG.warn("features: {}; set aside", told);
  }
}
