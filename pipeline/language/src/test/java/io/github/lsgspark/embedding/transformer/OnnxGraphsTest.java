package io.github.lsgspark.embedding.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.EmbeddingSettings.Pooling;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Graphs of all the shapes and types that exporters write, and what no graph may be. */
class OnnxGraphsTest {
  @TempDir Path folder;

  private ModelSpec spec() {
    ModelSpec spec =
        ModelSpec.of(
            "file://" + folder, true, Pooling.CLASS_NAME, Dtype.FLOAT32, new Configuration(false));
    return spec.within(spec.tried());
  }

  /** The vectors of prompts of the words a to e, of which the last is the label. */
  private float[][] vectors(String... prompts) {
    try (OpenedModels.Lease lease = OpenedModels.open(spec(), ComputeDevice.cpu())) {
      OpenedModel model = lease.model();
      List<PromptTokens> tokens =
          java.util.Arrays.stream(prompts)
              .map(text -> model.tokenize(text, text.length() - 1, text.length()))
              .toList();
      return model.encode(tokens);
    } finally {
      OpenedModels.closeIdle();
    }
  }

  private void assertRows(float[][] vectors, int... rows) {
    assertThat(vectors).hasNumberOfRows(rows.length);
    for (int i = 0; i < rows.length; i++) {
      for (int c = 0; c < TinyOnnx.WIDTH; c++) {
        assertThat(vectors[i][c]).isCloseTo(TinyOnnx.element(rows[i], c), within(0.01f));
      }
    }
  }

  private void assertRefused(String... parts) {
    assertThatThrownBy(this::spec)
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
        .hasMessageContainingAll(parts)
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {TinyOnnx.INT64, TinyOnnx.INT32})
  void idsAreCastAsTheGraphWantsThem(int type) throws IOException {
    TinyOnnx.lookUp(type, "n", "length").write(folder);
    assertRows(vectors("a b c", "c b a"), 6, 4);
  }

  /** Words are 4 to 8. */
  @ParameterizedTest
  @CsvSource({"1, 128", "1, 6", "2, 128", "8, 16"})
  void fixedShapesAreFilledUp(int batch, int length) throws IOException {
    TinyOnnx.lookUp(TinyOnnx.INT64, batch, length).write(folder);
    assertRows(vectors("a b c", "c b a", "e e d"), 6, 4, 7);
  }

  @Test
  void aFixedBatchTakesPromptsInItsNumber() throws IOException {
    TinyOnnx.lookUp(TinyOnnx.INT64, 2, "length").write(folder);
    assertRows(vectors("a b c", "c b a", "e e d"), 6, 4, 7);
  }

  @Test
  void aFixedLengthCutsLongerPromptsOff() throws IOException {
    TinyOnnx.lookUp(TinyOnnx.INT64, 1, 4).write(folder);
    ModelSpec spec = spec();
    assertThat(spec.maxTokens()).isEqualTo(4);
    try (OpenedModels.Lease lease = OpenedModels.open(spec, ComputeDevice.cpu())) {
      PromptTokens tokens = lease.model().tokenize("a b c d", 0, 1);
      assertThat(tokens.ids()).containsExactly(2, 4, 5, 3);
      assertThat(tokens.dropped()).isEqualTo(2);
      assertThat(tokens.cut()).isZero();
      assertThat(lease.model().tokenize("a b c d", 6, 7).cut()).isEqualTo(1);
    } finally {
      OpenedModels.closeIdle();
    }
  }

  /** The mean over all tokens is added to each: what fills up has a part in it. */
  @Test
  void fillingThatChangesVectorsIsRefused() throws IOException {
    new TinyOnnx()
        .node("Gather", "rows", Map.of(), "table", "input_ids")
        .node("ReduceMean", "mean", Map.of("axes", new long[] {1}, "keepdims", 1), "rows")
        .node("Add", "last_hidden_state", Map.of(), "rows", "mean")
        .input("input_ids", TinyOnnx.INT64, 1, 16)
        .output("last_hidden_state", TinyOnnx.FLOAT, 1, 16, TinyOnnx.WIDTH)
        .write(folder);
    assertRefused("model.onnx: its input is fixed to [1, 16]", "no attention_mask");
  }

  /** The same, masked: the mean is that of the prompt, whatever fills up. */
  @ParameterizedTest
  @ValueSource(ints = {TinyOnnx.INT64, TinyOnnx.INT32, TinyOnnx.FLOAT, TinyOnnx.BOOL})
  void fillingIsMasked(int type) throws IOException {
    ByteBuffer axis = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, -1);
    new TinyOnnx()
        .tensor("axis", TinyOnnx.INT64, axis.array(), 1)
        .node("Gather", "rows", Map.of(), "table", "input_ids")
        .node("Cast", "float_mask", Map.of("to", TinyOnnx.FLOAT), "attention_mask")
        .node("Unsqueeze", "mask", Map.of(), "float_mask", "axis")
        .node("Mul", "masked", Map.of(), "rows", "mask")
        .node("ReduceMean", "mean", Map.of("axes", new long[] {1}, "keepdims", 1), "masked")
        .node("Add", "last_hidden_state", Map.of(), "rows", "mean")
        .input("input_ids", TinyOnnx.INT64, 1, 10)
        .input("attention_mask", type, 1, 10)
        .output("last_hidden_state", TinyOnnx.FLOAT, 1, 10, TinyOnnx.WIDTH)
        .write(folder);
    float[] vector = vectors("a b")[0];
    // [CLS] a b [SEP]: 2, 4, 5 and 3 of ten places.
    assertThat(vector[0]).isCloseTo(5 + 14 / 10f, within(1e-4f));
  }

  @Test
  void positionsCountFromZero() throws IOException {
    new TinyOnnx()
        .node("Gather", "rows", Map.of(), "table", "input_ids")
        .node("Gather", "places", Map.of(), "table", "position_ids")
        .node("Add", "last_hidden_state", Map.of(), "rows", "places")
        .input("input_ids", TinyOnnx.INT64, "n", "length")
        .input("position_ids", TinyOnnx.INT64, "n", "length")
        .output("last_hidden_state", TinyOnnx.FLOAT, "n", "length", TinyOnnx.WIDTH)
        .write(folder);
    assertThat(vectors("a b")[0][0]).isCloseTo(5 + 2, within(1e-4f));
    assertThat(spec().maxTokens()).as("rows of the table of positions").isEqualTo(TinyOnnx.ROWS);
  }

  @ParameterizedTest
  @ValueSource(ints = {TinyOnnx.FLOAT16, TinyOnnx.DOUBLE})
  void otherFloatsAreConverted(int type) throws IOException {
    new TinyOnnx()
        .node("Gather", "rows", Map.of(), "table", "input_ids")
        .node("Cast", "token_embeddings", Map.of("to", type), "rows")
        .input("input_ids", TinyOnnx.INT64, "n", "length")
        .output("token_embeddings", type, "n", "length", TinyOnnx.WIDTH)
        .write(folder);
    assertRows(vectors("a b c"), 6);
  }

  private void withOutput(String name, int type, Object... shape) throws IOException {
    new TinyOnnx()
        .node("Gather", "rows", Map.of(), "table", "input_ids")
        .node("Cast", name, Map.of("to", type), "rows")
        .input("input_ids", TinyOnnx.INT64, "n", "length")
        .output(name, type, shape)
        .write(folder);
  }

  @Test
  void otherOutputsAreNamed() throws IOException {
    withOutput("last_hidden_state", TinyOnnx.INT8, "n", "length", TinyOnnx.WIDTH);
    assertRefused("model.onnx: output last_hidden_state is of type INT8");
    withOutput("logits", TinyOnnx.FLOAT, "n", "length", TinyOnnx.WIDTH);
    assertRefused("model.onnx: its output is logits");
    new TinyOnnx()
        .node("Gather", "rows", Map.of(), "table", "input_ids")
        .node("ReduceMean", "mean", Map.of("axes", new long[] {1}, "keepdims", 0), "rows")
        .input("input_ids", TinyOnnx.INT64, "n", "length")
        .output("mean", TinyOnnx.FLOAT, "n", TinyOnnx.WIDTH)
        .write(folder);
    assertRefused("model.onnx: output mean must hold hidden states", "one vector for each prompt");
    new TinyOnnx()
        .node("Gather", "rows", Map.of(), "table", "input_ids")
        .node("Transpose", "last_hidden_state", Map.of("perm", new long[] {1, 0, 2}), "rows")
        .input("input_ids", TinyOnnx.INT64, "n", "length")
        .output("last_hidden_state", TinyOnnx.FLOAT, "length", "n", TinyOnnx.WIDTH)
        .write(folder);
    assertRefused("of 2 prompts of 3 tokens it is [3, 2, 4]");
  }

  @Test
  void otherInputsAreNamed() throws IOException {
    new TinyOnnx()
        .node("Gather", "last_hidden_state", Map.of(), "table", "decoder_input_ids")
        .input("decoder_input_ids", TinyOnnx.INT64, "n", "length")
        .output("last_hidden_state", TinyOnnx.FLOAT, "n", "length", TinyOnnx.WIDTH)
        .write(folder);
    assertRefused("model.onnx: the graph's inputs are [decoder_input_ids]");
    new TinyOnnx()
        .node("Cast", "ids", Map.of("to", TinyOnnx.INT64), "input_ids")
        .node("Gather", "last_hidden_state", Map.of(), "table", "ids")
        .input("input_ids", TinyOnnx.FLOAT, "n", "length")
        .output("last_hidden_state", TinyOnnx.FLOAT, "n", "length", TinyOnnx.WIDTH)
        .write(folder);
    assertRefused("model.onnx: input input_ids is of type FLOAT");
    TinyOnnx.lookUp(TinyOnnx.INT64, "length").write(folder);
    assertRefused("model.onnx: input input_ids must be [batch, length]");
  }

  @Test
  void tokensBeyondTheTableAreNamed() throws IOException {
    TinyOnnx.lookUp(TinyOnnx.INT64, "n", "length").write(folder);
    Path tokenizer = folder.resolve("tokenizer.json");
    Files.writeString(tokenizer, TinyOnnx.tokenizer(", " + TinyOnnx.added(9, "a bell", false)));
    assertRefused(
        "tokenizer.json: token \"a bell\" has id 9", "(model.onnx) is 9 tokens, ids 0 to 8");
    Files.writeString(tokenizer, TinyOnnx.tokenizer(", " + TinyOnnx.added(700, "[X]", false)));
    assertRefused("token \"[X]\" has id 700", "is 9 tokens");
  }

  /** A special token stands in a prompt only where a label spells it out. */
  @Test
  void aSpecialTokenBeyondTheTableMattersWhereItStands() throws IOException {
    TinyOnnx.lookUp(TinyOnnx.INT64, "n", "length").write(folder);
    Files.writeString(
        folder.resolve("tokenizer.json"),
        TinyOnnx.tokenizer(", " + TinyOnnx.added(9, "[MASK]", true)));
    assertRows(vectors("a b c"), 6);
    assertThatThrownBy(() -> vectors("a [MASK] c"))
        .isInstanceOf(LsgException.class)
        .hasMessageContainingAll(
            "token \"[MASK]\" has id 9", "vocabulary is 9 tokens", "a [MASK] c");
  }

  @Test
  void otherFilesInPlaceOfTheGraphAreNamed() throws IOException {
    Path graph = TinyOnnx.lookUp(TinyOnnx.INT64, "n", "length").write(folder).resolve("model.onnx");
    Files.write(graph, new byte[0]);
    assertRefused("model.onnx: is empty");
    Files.writeString(graph, "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 9\n");
    assertRefused("model.onnx: is a Git LFS pointer");
    Files.writeString(graph, "<!DOCTYPE html>\n<html></html>");
    assertRefused("model.onnx: is an HTML page");
    Files.writeString(graph, "some words that are no graph");
    assertRefused("model.onnx: is no ONNX graph");
  }

  @Test
  void aGraphThatFailsIsNamed() throws IOException {
    new TinyOnnx()
        .node("Gather", "rows", Map.of(), "table", "input_ids")
        .tensor("odd", TinyOnnx.FLOAT, new byte[28], 7)
        .node("Add", "last_hidden_state", Map.of(), "rows", "odd")
        .input("input_ids", TinyOnnx.INT64, "n", "length")
        .output("last_hidden_state", TinyOnnx.FLOAT, "n", "length", "d")
        .write(folder);
    assertRefused("model.onnx");
  }

  @Test
  void vectorsThatAreNoNumbersAreRefused() throws IOException {
    new TinyOnnx()
        .node("Gather", "rows", Map.of(), "table", "input_ids")
        .node("Neg", "negative", Map.of(), "rows")
        .node("Sqrt", "last_hidden_state", Map.of(), "negative")
        .input("input_ids", TinyOnnx.INT64, "n", "length")
        .output("last_hidden_state", TinyOnnx.FLOAT, "n", "length", TinyOnnx.WIDTH)
        .write(folder);
    assertThatThrownBy(() -> vectors("a b c"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("gives a vector with NaN");
  }

  @Test
  void vectorsOfZerosNameTheModel() throws IOException {
    new TinyOnnx()
        .node("Gather", "rows", Map.of(), "table", "input_ids")
        .node("Sub", "last_hidden_state", Map.of(), "rows", "rows")
        .input("input_ids", TinyOnnx.INT64, "n", "length")
        .output("last_hidden_state", TinyOnnx.FLOAT, "n", "length", TinyOnnx.WIDTH)
        .write(folder);
    assertThatThrownBy(() -> vectors("a b c"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining(folder + ": gives a vector of zeros, which has no direction");
  }
}
