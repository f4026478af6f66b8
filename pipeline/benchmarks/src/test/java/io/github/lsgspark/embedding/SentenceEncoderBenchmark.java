package io.github.lsgspark.embedding;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.embedding.models.MavenModel;
import io.github.lsgspark.embedding.models.ModelCache;
import io.github.lsgspark.embedding.models.NamedEncoder;
import io.github.lsgspark.text.Label;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.text.PromptTemplates;
import io.github.lsgspark.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The default sentence encoder over names in 20 prompts each, on two cores: the whole embed stage
 * in local mode, tokenizer, table and Spark's jobs included, beside ONNX Runtime alone, which gets
 * batches of {@value #ROWS} prompts in their order, padded to the longest, on two threads.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx4g")
@Warmup(iterations = 1)
@Measurement(iterations = 3)
public class SentenceEncoderBenchmark {
  private static final int ROWS = 32;
  private static final int THREADS = 2;
  private static final Settings SETTINGS =
      SettingsLoader.parse("prompts { train = 20, heldout = 0 }");

  /** A file with a name a line. */
  @Param({""})
  public String file;

  /** Names taken. */
  @Param({"2000"})
  public int names;

  private SparkSession spark;
  private LabelSet labels;
  private Path model;
  private Path folder;

  /** Reads the names, and fetches the model where it is not in the cache. */
  @Setup
  public void prepare() throws IOException {
    model = ModelCache.here().require(MavenModel.of(NamedEncoder.DEFAULT).orElseThrow());
    Path first = Files.createTempFile("names", ".txt");
    Files.write(first, Files.readAllLines(Path.of(file)).stream().distinct().limit(names).toList());
    labels = LabelSet.load(first.toString(), new Configuration());
    spark =
        SparkSession.builder()
            .master("local[" + THREADS + "]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "4")
            .getOrCreate();
    spark.sparkContext().setLogLevel("WARN");
  }

  /** A fresh folder, so that no vector was computed before. */
  @Setup(Level.Iteration)
  public void fresh() throws IOException {
    folder = Files.createTempDirectory("sentences");
  }

  @TearDown
  public void stop() {
    spark.stop();
  }

  @Benchmark
  public EmbedResult program() {
    return EmbedStage.run(spark, SETTINGS, labels, folder.resolve("embed/out").toString());
  }

  @Benchmark
  public double onnxRuntime() throws OrtException {
    PromptTemplates templates = PromptTemplates.load(SETTINGS, new Configuration());
    List<long[]> prompts = new ArrayList<>();
    try (Tokenizer tokenizer = Tokenizer.open(model.resolve("tokenizer.json"))) {
      for (Label label : labels.labels()) {
        templates
            .prompts(label)
            .forEach(prompt -> prompts.add(tokenizer.tokenize(prompt.text(), true).ids()));
      }
    }
    double sum = 0;
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(THREADS);
      try (OrtSession session =
          environment.createSession(model.resolve("model.onnx").toString(), options)) {
        for (int from = 0; from < prompts.size(); from += ROWS) {
          sum += first(session, prompts.subList(from, Math.min(prompts.size(), from + ROWS)));
        }
      }
    }
    return sum;
  }

  private static double first(OrtSession session, List<long[]> rows) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    int length = rows.stream().mapToInt(row -> row.length).max().orElseThrow();
    long[][] ids = new long[rows.size()][];
    long[][] mask = new long[rows.size()][length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = Arrays.copyOf(rows.get(i), length);
      Arrays.fill(mask[i], 0, rows.get(i).length, 1);
    }
    try (OnnxTensor tokens = OnnxTensor.createTensor(environment, ids);
        OnnxTensor seen = OnnxTensor.createTensor(environment, mask);
        OnnxTensor types = OnnxTensor.createTensor(environment, new long[ids.length][length]);
        OrtSession.Result result =
            session.run(
                Map.of("input_ids", tokens, "attention_mask", seen, "token_type_ids", types))) {
      return ((OnnxTensor) result.get(0)).getFloatBuffer().get(0);
    }
  }
}
