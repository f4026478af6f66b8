package io.github.lsgspark.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Safetensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stage with a language model that the test makes itself. */
class PretrainedStageTest {
  private static final SparkSession SPARK = LocalSpark.session();
  private static final LabelSet LABELS =
      LabelSet.fromFolders(List.of("apple", "maple_tree", "pear", "tree"), "folder");

  @TempDir Path folder;

  private Path model;

  @BeforeEach
  void makeModel() throws IOException {
    model = TinyBert.write(folder.resolve("model"));
  }

  private float[][] embed(LabelSet labels, String out, String... more) {
    String hocon =
        "prompts { train = 3, heldout = 2 }, embedding { encoder = transformer, dtype = float32,"
            + " model = \""
            + model
            + "\" }\n"
            + String.join("\n", more);
    EmbedStage.run(SPARK, SettingsLoader.parse(hocon), labels, folder.resolve(out).toString());
    List<Row> rows =
        SPARK
            .read()
            .parquet(folder.resolve(out + "/embeddings").toString())
            .orderBy("label_id", "prompt_id")
            .collectAsList();
    float[][] vectors = new float[rows.size()][];
    for (int i = 0; i < vectors.length; i++) {
      List<Float> values = rows.get(i).getList(5);
      vectors[i] = new float[values.size()];
      for (int d = 0; d < vectors[i].length; d++) {
        vectors[i][d] = values.get(d);
      }
    }
    return vectors;
  }

  /** In the test's own memory: some tests write the file anew. */
  private Map<String, HostArray> weights() throws IOException {
    return Safetensors.read(Files.readAllBytes(model.resolve("model.safetensors")), "model");
  }

  private JsonNode metrics(String out) {
    return Json.read(
        new HadoopFiles(new Configuration()), folder.resolve(out + "/metrics.json").toString());
  }

  private static double difference(float[][] a, float[][] b) {
    assertThat(a).hasDimensions(b.length, b[0].length);
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      for (int d = 0; d < a[i].length; d++) {
        largest = Math.max(largest, Math.abs(a[i][d] - b[i][d]));
      }
    }
    return largest;
  }

  @Test
  void vectorsAreOfUnitLengthAndCountedInTheMetrics() {
    float[][] vectors = embed(LABELS, "out");
    assertThat(vectors).hasDimensions(20, TinyBert.WIDTH);
    for (float[] vector : vectors) {
      double squares = 0;
      for (float value : vector) {
        squares += value * value;
      }
      assertThat(squares).isCloseTo(1, within(1e-6));
    }
    JsonNode metrics = metrics("out");
    assertThat(metrics.get("model_type").asText()).isEqualTo("bert");
    assertThat(metrics.get("pooling").asText()).isEqualTo("class-name");
    assertThat(metrics.get("dtype").asText()).isEqualTo("float32");
    assertThat(metrics.get("distinct_prompts").asInt()).isEqualTo(20);
    assertThat(metrics.get("computed_prompts").asInt()).isEqualTo(20);
    assertThat(metrics.get("labels_cut").asInt()).isZero();
  }

  @Test
  void onlyNewPromptsAreComputed() {
    float[][] first = embed(LABELS, "a/out");
    LabelSet more =
        LabelSet.fromFolders(List.of("apple", "maple_tree", "pear", "tree", "zebra"), "folder");
    float[][] second = embed(more, "a/again");
    assertThat(metrics("a/again").get("distinct_prompts").asInt()).isEqualTo(25);
    assertThat(metrics("a/again").get("computed_prompts").asInt()).isEqualTo(5);
    assertThat(Arrays.copyOf(second, 20)).isDeepEqualTo(first);
    assertThat(difference(second, embed(more, "b/fresh"))).isLessThan(1e-6);
    assertThat(metrics("b/fresh").get("computed_prompts").asInt()).isEqualTo(25);
  }

  @Test
  void poolingDtypeAndModelHaveCachesOfTheirOwn() throws IOException {
    embed(LABELS, "out");
    for (String other : List.of("embedding.pooling = mean", "embedding.dtype = bfloat16")) {
      embed(LABELS, "other", other);
      assertThat(metrics("other").get("computed_prompts").asInt()).as(other).isEqualTo(20);
    }
    Map<String, HostArray> weights = weights();
    weights.put(
        "embeddings.LayerNorm.bias", HostArray.of(new float[TinyBert.WIDTH], TinyBert.WIDTH));
    model = TinyBert.write(folder.resolve("changed"));
    TinyBert.safetensors(model.resolve("model.safetensors"), weights);
    embed(LABELS, "other");
    assertThat(metrics("other").get("computed_prompts").asInt()).isEqualTo(20);
  }

  @Test
  void vectorsDoNotDependOnBatches() {
    float[][] together = embed(LABELS, "a/out");
    float[][] alone = embed(LABELS, "b/out", "embedding.batch-tokens = 16");
    assertThat(difference(together, alone)).isLessThan(1e-6);
  }

  @Test
  void bfloat16IsNear() {
    assertThat(
            difference(embed(LABELS, "out"), embed(LABELS, "half", "embedding.dtype = bfloat16")))
        .isBetween(1e-6, 0.05);
  }

  @Test
  void shardsAreOneModel() throws IOException {
    float[][] whole = embed(LABELS, "a/out");
    Map<String, HostArray> first = new LinkedHashMap<>();
    Map<String, HostArray> second = new LinkedHashMap<>();
    StringBuilder index = new StringBuilder("{\"metadata\": {}, \"weight_map\": {");
    weights()
        .forEach(
            (name, array) -> {
              boolean head = first.size() < 10;
              // Task models put a prefix before every name.
              (head ? first : second).put("bert." + name, array);
              index.append(first.size() + second.size() > 1 ? "," : "");
              index.append('"').append("bert.").append(name).append("\": \"model-0000");
              index.append(head ? 1 : 2).append("-of-00002.safetensors\"");
            });
    model = TinyBert.write(folder.resolve("sharded"));
    Files.delete(model.resolve("model.safetensors"));
    Files.writeString(model.resolve("model.safetensors.index.json"), index + "}}");
    TinyBert.safetensors(model.resolve("model-00001-of-00002.safetensors"), first);
    assertInput("names model-00002-of-00002.safetensors, which is missing");
    TinyBert.safetensors(model.resolve("model-00002-of-00002.safetensors"), second);
    assertThat(embed(LABELS, "b/out")).isDeepEqualTo(whole);
  }

  @Test
  void aLabelCutOffIsReported() {
    String longLabel = "maple " + "x".repeat(1994);
    float[][] vectors = embed(LabelSet.fromFolders(List.of("tree", longLabel), "folder"), "out");
    assertThat(vectors).hasDimensions(10, TinyBert.WIDTH);
    assertThat(metrics("out").get("labels_cut").asInt()).isEqualTo(1);
    assertThat(metrics("out").get("labels_cut_names").get(0).asText())
        .startsWith("maple xxx")
        .endsWith("… (2000 characters)");
    embed(LabelSet.fromFolders(List.of("tree", longLabel), "folder"), "again");
    assertThat(metrics("again").get("labels_cut").asInt()).as("from the cache").isEqualTo(1);
  }

  @Test
  void anEmojiIsALabelLikeOthers() {
    float[][] vectors = embed(LabelSet.fromFolders(List.of("tree", "😀", "pear 😀"), "f"), "out");
    assertThat(vectors).hasDimensions(15, TinyBert.WIDTH);
    assertThat(metrics("out").get("labels_cut").asInt()).isZero();
  }

  @Test
  void aLabelWithoutAnyTokenIsNamed() {
    assertThatThrownBy(() -> embed(LabelSet.fromFolders(List.of("tree", "\u200b"), "f"), "out"))
        .hasStackTraceContaining("the tokenizer of the model makes no token of the label");
  }

  private void assertInput(String... messages) {
    assertThatThrownBy(() -> embed(LABELS, "bad"))
        .satisfies(
            failure -> {
              Throwable cause = failure;
              while (cause != null && !(cause instanceof LsgException)) {
                cause = cause.getCause();
              }
              assertThat(cause).as(failure.toString()).isNotNull();
              assertThat(((LsgException) cause).exitCode()).isEqualTo(LsgException.INPUT);
              assertThat(cause).hasMessageContainingAll(messages);
            });
    assertThat(folder.resolve("bad/embeddings/_SUCCESS")).doesNotExist();
  }

  @Test
  void missingFilesAreNamed() throws IOException {
    Files.delete(model.resolve("tokenizer.json"));
    assertInput("model: holds no tokenizer.json, but: config.json, model.safetensors");
    TinyBert.write(model);
    Files.delete(model.resolve("config.json"));
    assertInput("model: holds no config.json");
    TinyBert.write(model);
    Files.delete(model.resolve("model.safetensors"));
    assertInput("model: holds no model.safetensors");
    Files.write(model.resolve("pytorch_model.bin"), new byte[] {'P', 'K', 3, 4});
    assertInput("holds pytorch_model.bin, a Python pickle, which runs code", "save_pretrained");
    model = folder.resolve("nowhere");
    assertInput("embedding.model: file:" + model + ": no such folder");
  }

  @Test
  void aTruncatedFileIsRefused() throws IOException {
    Path file = model.resolve("model.safetensors");
    byte[] content = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(content, content.length - 100));
    assertInput("model.safetensors: not a sound safetensors file: tensor ", " lies at bytes ");
    Files.write(file, Arrays.copyOf(content, 40));
    assertInput("not a sound safetensors file: its header claims ", "but the file has 40 in all");
    Files.write(file, new byte[0]);
    assertInput("model.safetensors: is empty: it has 0 bytes");
  }

  @Test
  void offsetsThatLieAreRefused() throws IOException {
    Path file = model.resolve("model.safetensors");
    byte[] content = Files.readAllBytes(file);
    int length = (int) ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    String header = new String(content, 8, length, StandardCharsets.UTF_8);
    String[] lies = {"\"data_offsets\":[4,", "\"data_offsets\":[9223372036854775000,"};
    for (String lie : lies) {
      String changed = header.replaceFirst("\"data_offsets\":\\[0,", lie);
      byte[] json = changed.getBytes(StandardCharsets.UTF_8);
      ByteBuffer bytes =
          ByteBuffer.allocate(8 + json.length + content.length - 8 - length)
              .order(ByteOrder.LITTLE_ENDIAN);
      bytes.putLong(json.length).put(json).put(content, 8 + length, content.length - 8 - length);
      Files.write(file, bytes.array());
      assertInput("not a sound safetensors file: tensor embeddings.word_embeddings.weight");
    }
  }

  @Test
  void otherFormatsInPlaceOfWeightsAreNamed() throws IOException {
    Path file = model.resolve("model.safetensors");
    byte[] pickle = new byte[200];
    pickle[0] = (byte) 0x80;
    pickle[1] = 2;
    Arrays.fill(pickle, 2, 60, (byte) 'c');
    Files.write(file, pickle);
    assertInput("model.safetensors: is a Python pickle", "only safetensors files are read");
    Files.writeString(
        file, "version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 1336413848\n");
    assertInput("is a Git LFS pointer", "git lfs pull");
  }

  @Test
  void tensorsAndArchitecturesAreNamed() throws IOException {
    Map<String, HostArray> weights = weights();
    Map<String, HostArray> fewer = new LinkedHashMap<>(weights);
    fewer.remove("encoder.layer.1.output.dense.bias");
    TinyBert.safetensors(model.resolve("model.safetensors"), fewer);
    assertInput("1 missing (encoder.layer.1.output.dense.bias)");
    TinyBert.write(model);
    Path config = model.resolve("config.json");
    String sound = Files.readString(config);
    Files.writeString(
        config, sound.replace("\"intermediate_size\" : 16", "\"intermediate_size\" : 8"));
    assertInput("intermediate.dense.weight has shape [16, 8]", "config.json asks for [8, 8]");
    Files.writeString(config, sound.replace("\"bert\"", "\"t5\""));
    assertInput("config.json: model_type \"t5\" is not supported", "embedding.encoder = onnx");
    Files.writeString(config, sound.replace("\"gelu\"", "\"swish\""));
    assertInput("config.json: activation \"swish\" is not supported");
    Files.writeString(config, sound.substring(0, 30));
    assertInput("config.json: not valid JSON");
    Files.writeString(config, sound);
    Files.writeString(model.resolve("tokenizer.json"), "{\"version\": \"1.0\"}");
    assertInput("tokenizer.json: not a sound tokenizer.json");
  }

  @Test
  void poolingMustFitTheModel() {
    assertThatThrownBy(() -> embed(LABELS, "out", "embedding.pooling = end-of-text"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("end-of-text needs a CLIP or GPT-2 model");
  }
}
