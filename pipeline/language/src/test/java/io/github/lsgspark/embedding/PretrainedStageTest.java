package io.github.lsgspark.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.torch.HostArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stage with a language model that the test makes itself. */
class PretrainedStageTest {
  @TempDir Path folder;

  private OwnModel model;

  @BeforeEach
  void makeModel() throws IOException {
    model = new OwnModel(folder);
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
    float[][] vectors = model.embed(OwnModel.LABELS, "out");
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
    float[][] first = model.embed(OwnModel.LABELS, "a/out");
    LabelSet more =
        LabelSet.fromFolders(List.of("apple", "maple_tree", "pear", "tree", "zebra"), "folder");
    float[][] second = model.embed(more, "a/again");
    assertThat(metrics("a/again").get("distinct_prompts").asInt()).isEqualTo(25);
    assertThat(metrics("a/again").get("computed_prompts").asInt()).isEqualTo(5);
    assertThat(Arrays.copyOf(second, 20)).isDeepEqualTo(first);
    assertThat(difference(second, model.embed(more, "b/fresh"))).isLessThan(1e-6);
    assertThat(metrics("b/fresh").get("computed_prompts").asInt()).isEqualTo(25);
  }

  @Test
  void poolingDtypeAndModelHaveCachesOfTheirOwn() throws IOException {
    model.embed(OwnModel.LABELS, "out");
    for (String other : List.of("embedding.pooling = mean", "embedding.dtype = bfloat16")) {
      model.embed(OwnModel.LABELS, "other", other);
      assertThat(metrics("other").get("computed_prompts").asInt()).as(other).isEqualTo(20);
    }
    Map<String, HostArray> weights = model.weights();
    weights.put(
        "embeddings.LayerNorm.bias", HostArray.of(new float[TinyBert.WIDTH], TinyBert.WIDTH));
    model.use("changed");
    TinyBert.safetensors(model.path().resolve("model.safetensors"), weights);
    model.embed(OwnModel.LABELS, "other");
    assertThat(metrics("other").get("computed_prompts").asInt()).isEqualTo(20);
  }

  @Test
  void vectorsDoNotDependOnBatches() {
    float[][] together = model.embed(OwnModel.LABELS, "a/out");
    float[][] alone = model.embed(OwnModel.LABELS, "b/out", "embedding.batch-tokens = 16");
    assertThat(difference(together, alone)).isLessThan(1e-6);
  }

  @Test
  void bfloat16IsNear() {
    assertThat(
            difference(
                model.embed(OwnModel.LABELS, "out"),
                model.embed(OwnModel.LABELS, "half", "embedding.dtype = bfloat16")))
        .isBetween(1e-6, 0.05);
  }

  @Test
  void shardsAreOneModel() throws IOException {
    float[][] whole = model.embed(OwnModel.LABELS, "a/out");
    Map<String, HostArray> first = new LinkedHashMap<>();
    Map<String, HostArray> second = new LinkedHashMap<>();
    StringBuilder index = new StringBuilder("{\"metadata\": {}, \"weight_map\": {");
    model
        .weights()
        .forEach(
            (name, array) -> {
              boolean head = first.size() < 10;
              // Task models put a prefix before every name.
              (head ? first : second).put("bert." + name, array);
              index.append(first.size() + second.size() > 1 ? "," : "");
              index.append('"').append("bert.").append(name).append("\": \"model-0000");
              index.append(head ? 1 : 2).append("-of-00002.safetensors\"");
            });
    model.use("sharded");
    Files.delete(model.path().resolve("model.safetensors"));
    Files.writeString(model.path().resolve("model.safetensors.index.json"), index + "}}");
    TinyBert.safetensors(model.path().resolve("model-00001-of-00002.safetensors"), first);
    model.assertInput("names model-00002-of-00002.safetensors, which is missing");
    TinyBert.safetensors(model.path().resolve("model-00002-of-00002.safetensors"), second);
    assertThat(model.embed(OwnModel.LABELS, "b/out")).isDeepEqualTo(whole);
  }

  @Test
  void aLabelCutOffIsReported() {
    String longLabel = "maple " + "x".repeat(1994);
    float[][] vectors =
        model.embed(LabelSet.fromFolders(List.of("tree", longLabel), "folder"), "out");
    assertThat(vectors).hasDimensions(10, TinyBert.WIDTH);
    assertThat(metrics("out").get("labels_cut").asInt()).isEqualTo(1);
    assertThat(metrics("out").get("labels_cut_names").get(0).asText())
        .startsWith("maple xxx")
        .endsWith("… (2000 characters)");
    model.embed(LabelSet.fromFolders(List.of("tree", longLabel), "folder"), "again");
    assertThat(metrics("again").get("labels_cut").asInt()).as("from the cache").isEqualTo(1);
  }

  @Test
  void anEmojiMayStandInALabelThatHasAKnownWord() {
    float[][] vectors =
        model.embed(LabelSet.fromFolders(List.of("tree", "😀 maple", "pear 😀"), "f"), "out");
    assertThat(vectors).hasDimensions(15, TinyBert.WIDTH);
    assertThat(metrics("out").get("labels_cut").asInt()).isZero();
    assertThatThrownBy(() -> model.embed(LabelSet.fromFolders(List.of("tree", "😀"), "f"), "alone"))
        .hasStackTraceContaining("knows no word or piece of the class name \"😀\"");
  }

  @Test
  void aLabelWithoutAnyTokenIsNamed() {
    assertThatThrownBy(
            () -> model.embed(LabelSet.fromFolders(List.of("tree", "\u200b"), "f"), "out"))
        .hasStackTraceContaining("the tokenizer of the model makes no token of the label");
  }

  @Test
  void poolingMustFitTheModel() {
    assertThatThrownBy(() -> model.embed(OwnModel.LABELS, "out", "embedding.pooling = end-of-text"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("end-of-text needs a CLIP, SigLIP, CLAP or GPT-2 model");
  }
}
