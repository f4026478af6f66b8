package io.github.lsgspark.embedding.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lsgspark.config.EmbeddingSettings.Pooling;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.embedding.TinyBert;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Safetensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders whose files are not of one model, found before anything runs. */
class ModelFoldersTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    TinyBert.write(folder);
  }

  private ModelSpec spec() {
    return ModelSpec.of(
        "file://" + folder, false, Pooling.MEAN, Dtype.FLOAT32, new Configuration(false));
  }

  private void assertRefused(String... parts) {
    assertThatThrownBy(this::spec)
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
        .hasMessageContainingAll(parts)
        .hasMessageNotContaining("\n");
  }

  private ObjectNode read(String name) throws IOException {
    return (ObjectNode) JSON.readTree(folder.resolve(name).toFile());
  }

  private void write(String name, JsonNode content) throws IOException {
    Files.createDirectories(folder.resolve(name).getParent());
    JSON.writeValue(folder.resolve(name).toFile(), content);
  }

  private Map<String, HostArray> weights() throws IOException {
    return Safetensors.read(Files.readAllBytes(folder.resolve("model.safetensors")), "model");
  }

  private void write(Map<String, HostArray> weights) throws IOException {
    TinyBert.safetensors(folder.resolve("model.safetensors"), weights);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "num_attention_heads | 3 | \"num_attention_heads\" must divide \"hidden_size\"",
        "num_attention_heads | 0 | \"num_attention_heads\" must be above 0, but is 0",
        "num_hidden_layers | 1 | hold 2 layers, but config.json says 1",
        "num_hidden_layers | 3 | hold 2 layers, but config.json says 3",
        "num_hidden_layers | 2000000000 | \"num_hidden_layers\" must be at most",
        "hidden_size | 16 | but config.json asks for",
        "vocab_size | 80 | but config.json asks for [80, 8]",
        "vocab_size | 0 | \"vocab_size\" must be above 0",
        "max_position_embeddings | 32 | has shape [64, 8], but config.json asks for [32, 8]",
        "hidden_size | 8.5 | \"hidden_size\" must be a whole number",
        "hidden_size | \"8\" | \"hidden_size\" must be a whole number",
        "hidden_size | null | \"hidden_size\" is missing",
        "layer_norm_eps | \"x\" | \"layer_norm_eps\" must be a number",
        "pad_token_id | 100 | \"vocab_size\" must be above 100",
        "model_type | \"t5\" | model_type \"t5\" is not supported; bert, roberta",
        "model_type | null | states no model_type",
      })
  void entriesOfTheConfigurationAreNamed(String key, String value, String message)
      throws IOException {
    ObjectNode config = read("config.json");
    config.set(key, JSON.readTree(value));
    write("config.json", config);
    assertRefused(message);
  }

  @Test
  void configurationsThatAreNoneAreNamed() throws IOException {
    for (String content : List.of("[]", "12", "\"bert\"")) {
      Files.writeString(folder.resolve("config.json"), content);
      assertRefused("config.json: holds no JSON object");
    }
    Files.writeString(folder.resolve("config.json"), "");
    assertRefused("config.json: is empty");
    Files.writeString(folder.resolve("config.json"), "<html><body>Sign in</body></html>");
    assertRefused("config.json: is an HTML page");
  }

  private void addToken(int id, boolean special) throws IOException {
    ObjectNode tokenizer = read("tokenizer.json");
    JsonNode token = JSON.readTree(TinyOnnx.added(id, "church bell", special));
    tokenizer.withArray("added_tokens").add(token);
    write("tokenizer.json", tokenizer);
  }

  @Test
  void tokensBeyondTheVocabularyAreNamed() throws IOException {
    int rows = read("config.json").get("vocab_size").asInt();
    addToken(rows, false);
    assertRefused(
        "tokenizer.json: token \"church bell\" has id " + rows,
        "(config.json) is " + rows + " tokens, ids 0 to " + (rows - 1));
  }

  @Test
  void aWrappingTokenBeyondTheVocabularyIsNamed() throws IOException {
    ObjectNode tokenizer = read("tokenizer.json");
    ObjectNode special = (ObjectNode) tokenizer.at("/post_processor/special_tokens/[SEP]");
    special.putArray("ids").add(5000);
    write("tokenizer.json", tokenizer);
    assertRefused("token \"[SEP]\" has id 5000");
  }

  @Test
  void aSpecialTokenBeyondTheVocabularyMattersWhereItStands() throws IOException {
    int rows = read("config.json").get("vocab_size").asInt();
    addToken(rows, true);
    try (OpenedModels.Lease lease = OpenedModels.open(spec(), ComputeDevice.cpu())) {
      assertThat(lease.model().tokenize("a tree", 2, 6).ids()).hasSize(4);
      assertThatThrownBy(() -> lease.model().tokenize("a church bell", 2, 13))
          .isInstanceOf(LsgException.class)
          .hasMessageContainingAll("\"church bell\" has id " + rows, "a church bell");
    } finally {
      OpenedModels.closeIdle();
    }
  }

  @Test
  void tokenizersThatAreNoneAreNamed() throws IOException {
    Path file = folder.resolve("tokenizer.json");
    Files.writeString(file, "{\"version\": \"1.0\"}");
    assertRefused("tokenizer.json: not a sound tokenizer.json: it has no \"model\"");
    Files.writeString(file, "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 9\n");
    assertRefused("tokenizer.json: is a Git LFS pointer");
    Files.writeString(file, "{");
    assertRefused("tokenizer.json: not valid JSON");
  }

  @ParameterizedTest
  @ValueSource(strings = {"module.", "_orig_mod.", "model.", "encoder.", "module.model.bert."})
  void prefixesOfWrappersAreTakenOff(String prefix) throws IOException {
    float[][] plain = vectors();
    Map<String, HostArray> wrapped = new LinkedHashMap<>();
    weights().forEach((name, array) -> wrapped.put(prefix + name, array));
    write(wrapped);
    assertThat(vectors()).isDeepEqualTo(plain);
  }

  private float[][] vectors() {
    try (OpenedModels.Lease lease = OpenedModels.open(spec(), ComputeDevice.cpu())) {
      return lease.model().encode(List.of(lease.model().tokenize("a maple tree", 2, 12)));
    } finally {
      OpenedModels.closeIdle();
    }
  }

  @Test
  void missingTensorsAreCountedAndNamed() throws IOException {
    Map<String, HostArray> weights = weights();
    int all = weights.size();
    weights.remove("encoder.layer.1.output.dense.bias");
    weights.remove("embeddings.LayerNorm.weight");
    write(weights);
    assertRefused(
        all - 2 + " of " + all + " tensors fit, 2 missing (",
        "embeddings.LayerNorm.weight",
        "encoder.layer.1.output.dense.bias");
  }

  @Test
  void integersAreRefused() throws IOException {
    Map<String, HostArray> weights = weights();
    weights.put(
        "embeddings.LayerNorm.weight",
        new HostArray(Dtype.INT8, new long[] {8}, ByteBuffer.allocate(8)));
    write(weights);
    assertRefused("tensor embeddings.LayerNorm.weight has elements of type I8");
  }

  @Test
  void valuesThatAreNotFiniteAreNamed() throws IOException {
    Map<String, HostArray> weights = weights();
    weights.put(
        "embeddings.LayerNorm.weight",
        HostArray.of(new float[] {1, 1, 1, Float.NaN, 1, 1, 1, 1}, 8));
    write(weights);
    assertThatThrownBy(this::vectors)
        .isInstanceOf(LsgException.class)
        .hasMessageContaining(
            "tensor embeddings.LayerNorm.weight[8] holds a value that is no finite number (NaN at"
                + " element 3)");
  }

  private static JsonNode pooling(String content) throws IOException {
    return JSON.readTree(content);
  }

  @Test
  void theFoldersOwnPoolingIsHeldAgainstTheSetOne() throws IOException {
    JsonNode mean =
        pooling("{\"pooling_mode_cls_token\": false, \"pooling_mode_mean_tokens\": true}");
    StatedPooling stated = StatedPooling.of(mean, MissingNode.getInstance());
    assertThat(stated.difference(Pooling.MEAN, "m")).isEmpty();
    assertThat(stated.difference(Pooling.CLS, "m").orElseThrow())
        .isEqualTo(
            "embedding.pooling = cls, but 1_Pooling/config.json of m states mean: the model was"
                + " trained for embedding.pooling = mean");
    StatedPooling max =
        StatedPooling.of(pooling("{\"pooling_mode_max_tokens\": true}"), MissingNode.getInstance());
    assertThat(max.difference(Pooling.MEAN, "m").orElseThrow())
        .endsWith("states max, which this program does not compute");
    StatedPooling both =
        StatedPooling.of(
            pooling("{\"pooling_mode_cls_token\": true, \"pooling_mode_mean_tokens\": true}"),
            pooling("[{\"type\": \"sentence_transformers.models.Dense\"}]"));
    assertThat(both.difference(Pooling.CLS, "m").orElseThrow())
        .contains("states cls + mean, which", "modules.json of m states [Dense]");
    assertThat(
            StatedPooling.of(pooling("{\"pooling_mode\": \"cls\"}"), MissingNode.getInstance())
                .difference(Pooling.CLS, "m"))
        .isEmpty();
  }

  @Test
  void aFolderWithAPoolingIsRead() throws IOException {
    write("1_Pooling/config.json", pooling("{\"pooling_mode_mean_tokens\": true}"));
    ModelDirectory directory = ModelDirectory.open("file://" + folder, new Configuration(false));
    assertThat(directory.sentenceFiles().statedPooling().orElseThrow().modes())
        .containsExactly("mean");
    Files.writeString(folder.resolve("1_Pooling/config.json"), "");
    assertRefused("1_Pooling/config.json: is empty");
  }

  @Test
  void anOlderListOfTokensIsHeldAgainstTheTokenizer() throws IOException {
    TokenIds ids = TokenIds.of(JSON.readTree(TinyOnnx.tokenizer("")), "tokenizer.json");
    assertThat(ids.disagreement("[PAD]\n[UNK]\n[CLS]\n[SEP]\na\nb\n")).isEmpty();
    assertThat(ids.disagreement("[PAD]\n[UNK]\n[CLS]\n[SEP]\nb\na\n").orElseThrow())
        .isEqualTo("2 tokens, the first: \"b\" is 4 there and 5 here");
  }
}
