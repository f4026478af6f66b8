package io.github.lsgspark.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.embedding.models.MiniLm;
import io.github.lsgspark.embedding.models.ModelCache;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.testing.StandaloneCluster;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.text.TokenizedText;
import io.github.lsgspark.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The default encoder with its published weights. */
@Tag("long-4")
class NamedEncoderStageTest {
  private static final List<String> SENTENCES =
      List.of(
          "That is a happy person",
          "That is a happy dog",
          "That is a very happy person",
          "Today is a sunny day");

  @TempDir static Path cacheFolder;
  private static Path model;

  @TempDir Path folder;

  @BeforeAll
  static void fill() throws IOException {
    System.setProperty(ModelCache.PROPERTY, cacheFolder.toString());
    model = MiniLm.into(ModelCache.here());
  }

  @AfterAll
  static void forget() {
    System.clearProperty(ModelCache.PROPERTY);
  }

  private List<float[]> embed(SparkSession spark, String embedding, List<String> names)
      throws IOException {
    Path templates = Files.writeString(folder.resolve("templates.txt"), "{}\n");
    String out = folder.resolve("stage/out").toString();
    EmbedStage.run(
        spark,
        SettingsLoader.parse(
            "prompts { file = \""
                + templates
                + "\", train = 1, heldout = 0 }, embedding { "
                + embedding
                + " }"),
        LabelSet.fromFolders(names, "folder"),
        out);
    // A folder's classes stand in the order of their names.
    Map<String, float[]> byName = new HashMap<>();
    for (Row row : spark.read().parquet(out + "/embeddings").collectAsList()) {
      byName.put(row.getString(row.fieldIndex("label")), vector(row));
    }
    return names.stream().map(byName::get).toList();
  }

  private static float[] vector(Row row) {
    List<Float> list = row.getList(row.fieldIndex("embedding"));
    float[] vector = new float[list.size()];
    for (int d = 0; d < vector.length; d++) {
      vector[d] = list.get(d);
    }
    return vector;
  }

  private JsonNode metrics() {
    return Json.read(
        new HadoopFiles(new Configuration()), folder.resolve("stage/out/metrics.json").toString());
  }

  private static double cosine(float[] a, float[] b) {
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += (double) a[d] * b[d];
    }
    return sum;
  }

  /** The similarities that the model is published with. */
  @Test
  void theDefaultKnowsMeaningAsPublished() throws IOException {
    List<float[]> vectors = embed(LocalSpark.session(), "encoder = auto", SENTENCES);
    float[] asked = vectors.get(0);
    assertThat(asked).hasSize(384);
    assertThat(cosine(asked, vectors.get(1))).isCloseTo(0.695, within(0.001));
    assertThat(cosine(asked, vectors.get(2))).isCloseTo(0.943, within(0.001));
    assertThat(cosine(asked, vectors.get(3))).isCloseTo(0.257, within(0.001));
    assertThat(metrics().get("pooling").asText()).isEqualTo("mean");
    assertThat(metrics().get("model").asText()).contains("all-minilm-l6-v2-0.36.2");
  }

  @Test
  void nearMeaningsAreNearerThanNearSpellings() throws IOException {
    List<float[]> vectors =
        embed(
            LocalSpark.session(),
            "",
            List.of("car", "automobile", "carp", "cart", "kitten", "cat"));
    assertThat(cosine(vectors.get(0), vectors.get(1)))
        .isGreaterThan(cosine(vectors.get(0), vectors.get(2)))
        .isGreaterThan(cosine(vectors.get(0), vectors.get(3)));
    assertThat(cosine(vectors.get(4), vectors.get(5)))
        .isGreaterThan(cosine(vectors.get(4), vectors.get(0)));
  }

  @Test
  void vectorsAreTheMeanOfTheGraphsOutput() throws IOException, OrtException {
    List<float[]> vectors = embed(LocalSpark.session(), "", SENTENCES);
    for (int i = 0; i < SENTENCES.size(); i++) {
      float[] plain = plain(SENTENCES.get(i));
      for (int d = 0; d < plain.length; d++) {
        assertThat(vectors.get(i)[d]).isCloseTo(plain[d], within(1e-5f));
      }
    }
  }

  /** One text, by ONNX Runtime alone. */
  private static float[] plain(String text) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (Tokenizer tokenizer = Tokenizer.open(model.resolve("tokenizer.json"));
        OrtSession session = environment.createSession(model.resolve("model.onnx").toString())) {
      TokenizedText tokens = tokenizer.tokenize(text, true);
      long[][] ids = {tokens.ids()};
      long[][] ones = {new long[tokens.length()]};
      Arrays.fill(ones[0], 1);
      long[][] zeros = {new long[tokens.length()]};
      try (OnnxTensor in = OnnxTensor.createTensor(environment, ids);
          OnnxTensor mask = OnnxTensor.createTensor(environment, ones);
          OnnxTensor types = OnnxTensor.createTensor(environment, zeros);
          OrtSession.Result result =
              session.run(
                  Map.of("input_ids", in, "attention_mask", mask, "token_type_ids", types))) {
        return unitMean(((float[][][]) result.get(0).getValue())[0]);
      }
    }
  }

  private static float[] unitMean(float[][] states) {
    double[] sum = new double[states[0].length];
    for (float[] state : states) {
      for (int d = 0; d < sum.length; d++) {
        sum[d] += state[d];
      }
    }
    double[] unit = UnitVectors.scaledTo(sum, 1);
    float[] vector = new float[unit.length];
    for (int d = 0; d < vector.length; d++) {
      vector[d] = (float) unit[d];
    }
    return vector;
  }

  @Test
  void aPrefixStandsBeforeEveryPrompt() throws IOException {
    Path copy = copy();
    List<float[]> bare =
        embed(LocalSpark.session(), "model = \"" + copy + "\"", List.of("query: a cat", "x"));
    Files.writeString(
        copy.resolve("config_sentence_transformers.json"),
        "{\"prompts\": {\"query\": \"query: \"}, \"default_prompt_name\": \"query\"}");
    List<float[]> prefixed =
        embed(LocalSpark.session(), "model = \"" + copy + "\"", List.of("a cat", "x"));
    assertThat(cosine(bare.get(0), prefixed.get(0))).isCloseTo(1, within(1e-6));
    assertThat(cosine(bare.get(1), prefixed.get(1))).isLessThan(0.99);
    assertThat(metrics().get("prefix").asText()).isEqualTo("query: ");
  }

  private Path copy() throws IOException {
    Path copy = Files.createDirectories(folder.resolve("copy"));
    Files.copy(model.resolve("model.onnx"), copy.resolve("model.onnx"));
    Files.copy(model.resolve("tokenizer.json"), copy.resolve("tokenizer.json"));
    Files.createDirectories(copy.resolve("1_Pooling"));
    Files.copy(model.resolve("1_Pooling/config.json"), copy.resolve("1_Pooling/config.json"));
    return copy;
  }

  @Test
  void badInputIsNamed() throws IOException {
    SparkSession spark = LocalSpark.session();
    fails(() -> embed(spark, "model = all-minilm-l12", SENTENCES), "no model of that name");
    fails(
        () -> embed(spark, "", List.of("red fox", "🜲🜳")),
        "the model's vocabulary knows no word or piece of the class name \"🜲🜳\"");
    fails(
        () -> embed(spark, "encoder = transformer, model = all-minilm-l6-v2", SENTENCES),
        "is an ONNX graph");
    Path copy = copy();
    Files.delete(copy.resolve("tokenizer.json"));
    fails(
        () -> embed(spark, "model = \"" + copy + "\"", SENTENCES),
        "copy: holds no tokenizer.json, but: model.onnx");
  }

  private interface Action {
    Object run() throws IOException;
  }

  private static void fails(Action action, String message) {
    assertThatThrownBy(action::run).isInstanceOf(Exception.class).hasStackTraceContaining(message);
  }

  /** Executors take the model from Spark, not from this machine's cache. */
  @Test
  void executorsElsewhereGetTheModelBySpark() throws IOException {
    List<float[]> here = embed(LocalSpark.session(), "", SENTENCES);
    SparkSession cluster = StandaloneCluster.start(folder.resolve("spark-home"));
    try {
      deleteStage();
      List<float[]> there = embed(cluster, "", SENTENCES);
      for (int i = 0; i < here.size(); i++) {
        assertThat(there.get(i)).isEqualTo(here.get(i));
      }
      deleteStage();
      assertThat(embed(cluster.newSession(), "", SENTENCES).get(0)).isEqualTo(here.get(0));
      assertThat(cluster.sparkContext().listArchives().size()).isOne();
    } finally {
      cluster.stop();
    }
  }

  private void deleteStage() {
    new HadoopFiles(new Configuration()).delete(folder.resolve("stage").toString());
  }
}
