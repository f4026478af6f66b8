package io.github.lsgspark.embedding;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OrtEnvironment;
import io.github.lsgspark.config.EmbeddingSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.embedding.transformer.ModelSpec;
import io.github.lsgspark.embedding.transformer.OpenedModels;
import io.github.lsgspark.graph.EmbeddingTable;
import io.github.lsgspark.storage.CodeVersion;
import io.github.lsgspark.storage.Fingerprint;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.JobDescription;
import io.github.lsgspark.storage.TaskProgress;
import io.github.lsgspark.text.Tokenizer;
import io.github.lsgspark.torch.Dtype;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.LongAccumulator;
import org.bytedeco.pytorch.Tensor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Label vectors of a pretrained language model. Only prompts that the cache does not hold go
 * through the model, each once: tokenised on the executors, numbered, dealt in batches of equal
 * length ({@link LengthBatches}), and kept as soon as all are done.
 */
final class PretrainedEncoder implements LabelEncoder {
  private static final Logger LOG = LoggerFactory.getLogger(PretrainedEncoder.class);
  private static final int SHOWN = 10;

  /** What decides about a vector besides the model: a class of each package. */
  private static final List<Class<?>> CODE =
      List.of(
          PretrainedEncoder.class,
          Tokenizer.class,
          Dtype.class,
          HuggingFaceTokenizer.class,
          OrtEnvironment.class,
          Tensor.class);

  private final ModelSpec spec;
  private final EmbeddingSettings settings;
  private final TrainSettings.Device device;
  private final String cacheRoot;
  private final Map<String, Object> facts = new LinkedHashMap<>();

  private PretrainedEncoder(
      ModelSpec spec, EmbeddingSettings settings, TrainSettings.Device device, String cacheRoot) {
    this.spec = spec;
    this.settings = settings;
    this.device = device;
    this.cacheRoot = cacheRoot;
  }

  /**
   * @param cacheRoot folder of the caches of all models
   * @throws LsgException exit 2 or 3 for a folder that cannot be used
   */
  static PretrainedEncoder open(SparkSession spark, Settings settings, String cacheRoot) {
    return new PretrainedEncoder(
        spec(spark, settings), settings.embedding(), settings.train().device(), cacheRoot);
  }

  /** What the settings say, with the element type decided for all executors. */
  static ModelSpec spec(SparkSession spark, Settings settings) {
    ModelSpec spec =
        PretrainedKind.spec(
            settings,
            ExecutorPrecision.of(spark, settings.embedding().dtype(), settings.train().device()),
            spark.sparkContext().hadoopConfiguration());
    ModelSpec shipped = ModelShipment.of(spark, spec);
    return spec.onnx() ? shipped.within(GraphTrial.of(spark, shipped)) : shipped;
  }

  @Override
  public Dataset<Row> encode(Dataset<Row> prompts) {
    SparkSession spark = prompts.sparkSession();
    Fingerprint key =
        Fingerprint.builder("vectors")
            .add("code", CodeVersion.of(CODE))
            .add("model", spec.fingerprint())
            .add("onnx", spec.onnx())
            .add("pooling", spec.pooling())
            .add("prefix", spec.prefix())
            .add("dtype", spec.dtype())
            .build();
    VectorCache cache = new VectorCache(spark, HadoopFiles.path(cacheRoot, key.hex()));
    facts.put("model", spec.path());
    facts.put("model_type", spec.type());
    facts.put("model_fingerprint", spec.fingerprint());
    facts.put("pooling", spec.pooling().label());
    facts.put("prefix", spec.prefix());
    facts.put("dtype", spec.onnx() ? "of the graph" : spec.dtype().label());
    compute(spark, prompts, cache);
    Dataset<Row> vectors = cache.read();
    reportCut(prompts, vectors);
    return prompts
        .join(vectors, VectorCache.key(), "left_outer")
        .selectExpr(columns())
        .map((MapFunction<Row, Row>) PretrainedEncoder::row, Encoders.row(EmbeddingTable.SCHEMA));
  }

  private void compute(SparkSession spark, Dataset<Row> prompts, VectorCache cache) {
    Dataset<Row> distinct =
        prompts.select("prompt", "label_start", "label_end").distinct().persist();
    LongAccumulator shortened = spark.sparkContext().longAccumulator("prompts shortened");
    Dataset<Row> tokens =
        distinct
            .join(cache.read(), VectorCache.key(), "left_anti")
            .mapPartitions(new TokenizeTask(spec, shortened), Encoders.row(TokenizeTask.SCHEMA))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try (JobDescription job = JobDescription.of(spark.sparkContext(), "embed")) {
      job.now("split the prompts into tokens");
      TreeMap<Integer, Long> byLength = new TreeMap<>();
      for (Row row : tokens.groupBy("length").count().collectAsList()) {
        byLength.put(row.getInt(0), row.getLong(1));
      }
      if (shortened.sum() > 0) {
        LOG.warn(
            "{} prompts are longer than the {} tokens that the model takes; it sees their first"
                + " ones and the tokens that end a text",
            shortened.sum(),
            spec.maxTokens());
      }
      int slots = spark.sparkContext().defaultParallelism();
      LengthBatches batches = new LengthBatches(byLength, settings.batchTokens(), slots);
      long all = distinct.count();
      LOG.info(
          "{} distinct prompts, {} of them computed before; {} tokens in {} tasks",
          all,
          all - batches.prompts(),
          batches.tokens(),
          batches.numPartitions());
      facts.put("distinct_prompts", all);
      facts.put("computed_prompts", batches.prompts());
      facts.put("computed_tokens", batches.tokens());
      if (batches.prompts() > 0) {
        job.now(
            "%,d prompts, %,d tokens, through the language model",
            batches.prompts(), batches.tokens());
        try (TaskProgress progress =
            new TaskProgress(spark.sparkContext(), LOG, "Embedded", "tokens", batches.tokens())) {
          cache.add(EncodeTask.vectors(tokens, batches, spec, device, progress.done()));
          facts.put("tokens_per_second", Math.round(batches.tokens() / progress.seconds()));
        }
      }
    } finally {
      tokens.unpersist();
      distinct.unpersist();
      OpenedModels.closeIdle();
    }
  }

  /** A label that the model saw in part only must not pass in silence. */
  private void reportCut(Dataset<Row> prompts, Dataset<Row> vectors) {
    List<String> cut =
        prompts
            .join(vectors.where("cut > 0"), VectorCache.key(), "left_semi")
            .select("label")
            .distinct()
            .orderBy("label")
            .as(Encoders.STRING())
            .collectAsList();
    facts.put("labels_cut", cut.size());
    if (!cut.isEmpty()) {
      List<String> shown =
          cut.subList(0, Math.min(SHOWN, cut.size())).stream().map(Abbreviation::of).toList();
      facts.put("labels_cut_names", shown);
      LOG.warn(
          "{} labels are cut off by the model's maximum of {} tokens; their vectors are of the"
              + " tokens before it: {}",
          cut.size(),
          spec.maxTokens(),
          shown);
    }
  }

  /** The columns of {@link PromptTable}, and the vector behind them. */
  private static String[] columns() {
    String[] names = PromptTable.SCHEMA.fieldNames();
    String[] columns = Arrays.copyOf(names, names.length + 1);
    columns[names.length] = "vector";
    return columns;
  }

  private static Row row(Row joined) {
    int place = PromptTable.SCHEMA.length();
    if (joined.isNullAt(place)) {
      throw LsgException.failed(
          "no vector for \""
              + joined.getString(PromptTable.PROMPT)
              + "\": the cache of vectors was changed while it was read. The same command computes"
              + " what is missing");
    }
    return EmbeddedPrompt.row(
        joined, joined.<Float>getList(place).stream().mapToDouble(Float::doubleValue).toArray());
  }

  @Override
  public Map<String, Object> facts() {
    return facts;
  }
}
