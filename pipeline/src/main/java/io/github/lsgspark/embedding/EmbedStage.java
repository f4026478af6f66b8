package io.github.lsgspark.embedding;

import static org.apache.spark.sql.functions.col;

import io.github.lsgspark.config.EmbeddingSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.text.PromptTemplates;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prompts every label and embeds the prompts (LSG-SPEC section 1). Writes {@code embeddings/}
 * (Parquet of {@link EmbeddingTable#SCHEMA}) and {@code metrics.json}.
 */
public final class EmbedStage {
  private static final Logger LOG = LoggerFactory.getLogger(EmbedStage.class);

  /** The folder of the table inside the stage's output. */
  public static final String EMBEDDINGS = "embeddings";

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
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    PromptTemplates templates = PromptTemplates.load(settings.prompts(), hadoop);
    LabelEncoder encoder = encoder(settings, labels, hadoop);
    String path = HadoopFiles.path(outDir, EMBEDDINGS);
    int prompts = templates.train() + templates.heldout();
    int files = 1 + (int) ((long) labels.size() * prompts / ROWS_PER_FILE);
    encoder
        .encode(PromptTable.of(spark, labels, templates))
        .repartitionByRange(files, col("label_id"))
        .sortWithinPartitions("label_id", "prompt_id")
        .write()
        .mode("overwrite")
        .parquet(path);
    List<ClassSums> sums = ClassSums.of(spark.read().parquet(path));
    EmbedResult result =
        new EmbedResult(
            labels.size(), templates.train(), templates.heldout(), sums.get(0).train().length);
    EmbeddingMetrics metrics = EmbeddingMetrics.of(sums);
    Json.write(
        new HadoopFiles(hadoop),
        HadoopFiles.path(outDir, "metrics.json"),
        json(settings.embedding(), result, metrics));
    LOG.info(
        "Embedded {} labels in {} + {} prompts by the {} encoder: {} dimensions, {}",
        result.labels(),
        result.trainPrompts(),
        result.heldoutPrompts(),
        name(settings.embedding().encoder()),
        result.dimension(),
        metrics.toMap());
    return result;
  }

  private static LabelEncoder encoder(Settings settings, LabelSet labels, Configuration hadoop) {
    EmbeddingSettings embedding = settings.embedding();
    return switch (embedding.encoder()) {
      case LEXICAL -> new LexicalEncoder(embedding.lexical());
      case PRECOMPUTED ->
          PrecomputedEncoder.load(
              embedding.precomputed(), settings.prompts(), labels, settings.seed(), hadoop);
      case TRANSFORMER, ONNX ->
          throw LsgException.usage(
              "embedding.encoder = "
                  + name(embedding.encoder())
                  + ": not in this version; use lexical or precomputed");
    };
  }

  private static String name(EmbeddingSettings.Encoder encoder) {
    return encoder.name().toLowerCase(Locale.ROOT);
  }

  private static Map<String, Object> json(
      EmbeddingSettings settings, EmbedResult result, EmbeddingMetrics metrics) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("encoder", name(settings.encoder()));
    json.put("labels", result.labels());
    json.put("train_prompts", result.trainPrompts());
    json.put("heldout_prompts", result.heldoutPrompts());
    json.put("dimension", result.dimension());
    json.putAll(metrics.toMap());
    return json;
  }
}
