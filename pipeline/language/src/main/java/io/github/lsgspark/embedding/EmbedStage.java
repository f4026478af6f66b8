package io.github.lsgspark.embedding;

import static org.apache.spark.sql.functions.col;

import io.github.lsgspark.config.EmbeddingSettings;
import io.github.lsgspark.config.LabelSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.graph.EmbeddingTable;
import io.github.lsgspark.graph.LabelTree;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.JobDescription;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.text.PromptTemplates;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.wordnet.LabelMeanings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prompts every label and embeds the prompts (docs/method.md, section 1). Writes {@code
 * embeddings/} (Parquet of {@link EmbeddingTable#SCHEMA}) and {@code metrics.json}; where labels
 * are looked up in WordNet {@link LabelMeanings#FILE}, and where there is a taxonomy {@link
 * LabelTree#FILE}.
 */
public final class EmbedStage {
  private static final Logger LOG = LoggerFactory.getLogger(EmbedStage.class);

  private static final String CACHE = "_cache";
  private static final int ROWS_PER_FILE = 50_000;

  private EmbedStage() {}

  /**
   * Runs the stage.
   *
   * @param outDir an existing or new folder on any Hadoop file system
   * @throws LsgException exit 2 for settings that cannot be met, exit 3 for files that do not fit
   *     the labels
   */
  public static EmbedResult run(
      SparkSession spark, Settings settings, LabelSet labels, String outDir) {
    try (JobDescription job = JobDescription.of(spark.sparkContext(), "embed")) {
      return run(job, spark, settings, labels, outDir);
    }
  }

  private static EmbedResult run(
      JobDescription job, SparkSession spark, Settings settings, LabelSet named, String outDir) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    HadoopFiles files = new HadoopFiles(hadoop);
    PromptTemplates templates = PromptTemplates.load(settings, hadoop);
    LabelMeanings meanings = LabelMeanings.of(settings.labels(), named);
    meanings.tell();
    meanings.write(files, outDir);
    LabelSet labels = meanings.labels();
    Optional<LabelTree> tree = tree(settings.labels(), meanings, hadoop);
    LabelEncoder encoder = encoder(spark, settings, labels, cacheRoot(settings, outDir));
    String path = HadoopFiles.path(outDir, EmbeddingTable.FOLDER);
    int prompts = templates.train() + templates.heldout();
    int parts = 1 + (int) ((long) labels.size() * prompts / ROWS_PER_FILE);
    job.now(
        "open the %s encoder for %,d labels in %d prompts",
        settings.embedding().encoder(), labels.size(), prompts);
    Dataset<Row> embeddings = encoder.encode(PromptTable.of(spark, labels, templates));
    job.now("write %,d vectors", (long) labels.size() * prompts);
    embeddings
        .repartitionByRange(parts, col("label_id"))
        .sortWithinPartitions("label_id", "prompt_id")
        .write()
        .mode("overwrite")
        .parquet(path);
    job.now("sum the vectors of each label");
    List<ClassSums> sums = ClassSums.read(spark, outDir);
    EmbedResult result =
        new EmbedResult(
            labels.size(), templates.train(), templates.heldout(), sums.get(0).train().length);
    EmbeddingMetrics metrics = EmbeddingMetrics.of(sums);
    Map<String, Object> agreement =
        tree.map(one -> TaxonomyAgreement.of(one, sums)).orElse(Map.of());
    tree.ifPresent(one -> files.writeText(HadoopFiles.path(outDir, LabelTree.FILE), one.toJson()));
    Json.write(
        files,
        HadoopFiles.path(outDir, "metrics.json"),
        json(settings.embedding(), result, encoder.facts(), metrics, agreement));
    LOG.info(
        "Embedded {} labels in {} + {} prompts by the {} encoder: {} dimensions, {}; more is in"
            + " metrics.json",
        result.labels(),
        result.trainPrompts(),
        result.heldoutPrompts(),
        settings.embedding().encoder(),
        result.dimension(),
        metrics);
    return result;
  }

  /**
   * Prompts labels and embeds the prompts, without writing anything: for programs and notebooks.
   *
   * @return a table of {@link EmbeddingTable#SCHEMA}, computed when it is asked for
   * @throws LsgException exit 2 for settings that cannot be met, such as a language model without
   *     embedding.cache
   */
  public static Dataset<Row> embed(SparkSession spark, Settings settings, LabelSet labels) {
    EmbeddingSettings embedding = settings.embedding();
    if (LabelEncoders.of(settings).isPretrained() && embedding.cache().isEmpty()) {
      throw LsgException.usage(
          "embedding.cache must name a folder for the vectors of embedding.encoder = "
              + embedding.encoder());
    }
    PromptTemplates templates =
        PromptTemplates.load(settings, spark.sparkContext().hadoopConfiguration());
    LabelSet described = LabelMeanings.of(settings.labels(), labels).labels();
    return encoder(spark, settings, described, embedding.cache())
        .encode(PromptTable.of(spark, described, templates));
  }

  /**
   * What {@code embedding.dtype} comes to, for all executors: AUTO is bfloat16 where every one that
   * answers is fast at it.
   */
  public static EmbeddingSettings.Dtype dtype(SparkSession spark, Settings settings) {
    Dtype chosen =
        ExecutorPrecision.of(spark, settings.embedding().dtype(), settings.train().device());
    return chosen == Dtype.BFLOAT16
        ? EmbeddingSettings.Dtype.BFLOAT16
        : EmbeddingSettings.Dtype.FLOAT32;
  }

  private static Optional<LabelTree> tree(
      LabelSettings settings, LabelMeanings meanings, Configuration hadoop) {
    return settings.isWordNetTaxonomy()
        ? Optional.of(meanings.tree())
        : Taxonomy.load(settings.taxonomy(), hadoop)
            .map(taxonomy -> taxonomy.tree(meanings.labels()));
  }

  private static LabelEncoder encoder(
      SparkSession spark, Settings settings, LabelSet labels, String cacheRoot) {
    return LabelEncoders.of(settings)
        .open(new LabelEncoderKind.Context(spark, settings, labels, cacheRoot));
  }

  /** Beside the outputs of this stage, unless a folder is named. */
  private static String cacheRoot(Settings settings, String outDir) {
    String named = settings.embedding().cache();
    return named.isEmpty() ? new Path(new Path(outDir).getParent(), CACHE).toString() : named;
  }

  private static Map<String, Object> json(
      EmbeddingSettings settings,
      EmbedResult result,
      Map<String, Object> facts,
      EmbeddingMetrics metrics,
      Map<String, Object> agreement) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("encoder", settings.encoder());
    json.put("labels", result.labels());
    json.put("train_prompts", result.trainPrompts());
    json.put("heldout_prompts", result.heldoutPrompts());
    json.put("dimension", result.dimension());
    json.putAll(facts);
    json.putAll(metrics.toMap());
    json.putAll(agreement);
    return json;
  }
}
