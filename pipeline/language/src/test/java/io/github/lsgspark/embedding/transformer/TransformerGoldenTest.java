package io.github.lsgspark.embedding.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.config.EmbeddingSettings.Pooling;
import io.github.lsgspark.text.TokenizedText;
import io.github.lsgspark.text.Tokenizer;
import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.ModeGuard;
import io.github.lsgspark.torch.Safetensors;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Parity with transformers 5.18 on shared/plm/text: 44 labels in 7 templates, four architectures.
 */
@Tag("real-data")
class TransformerGoldenTest {
  private static final Path TEXT =
      Path.of(System.getProperty("lsg.shared.dir", "../../shared"), "plm", "text");
  private static final int TEMPLATES = 7;

  /** One prompt of a fixture; {@code start} and {@code end} are UTF-16 indexes of the label. */
  private record Golden(JsonNode entry, String prompt, int start, int end) {
    int row() {
      return entry.get("c").asInt() * TEMPLATES + entry.get("p").asInt();
    }
  }

  private static ModelSpec spec(String model, Pooling pooling, Dtype dtype) {
    return ModelSpec.of(
        "file://" + TEXT.resolve("models/" + model).toAbsolutePath().normalize(),
        false,
        pooling,
        dtype,
        new Configuration(false));
  }

  private static Path local(ModelSpec spec) {
    return Path.of(URI.create(spec.path()));
  }

  private static List<Golden> golden(String kind) throws IOException {
    JsonNode root =
        new ObjectMapper().readTree(Files.readString(TEXT.resolve(kind + ".tokens.json")));
    int wrap = root.path("wrap").asText("").length();
    List<Golden> prompts = new ArrayList<>();
    for (JsonNode entry : root.get("entries")) {
      String whole = entry.get("prompt").asText();
      int start = whole.offsetByCodePoints(0, entry.get("label_chars").get(0).asInt());
      int end = whole.offsetByCodePoints(0, entry.get("label_chars").get(1).asInt());
      String prompt = whole.substring(wrap, whole.length() - wrap);
      prompts.add(new Golden(entry, prompt, start - wrap, end - wrap));
    }
    assertThat(prompts).hasSize(44 * TEMPLATES);
    return prompts;
  }

  /**
   * The fixture's double run of CLIP took the softmax in float (transformers' eager attention);
   * against its fused attention, which does not, the difference is below 1e-14.
   */
  private static double doubleTolerance(String kind) {
    return kind.equals("clip") ? 1e-6 : 1e-9;
  }

  private static long[] longs(JsonNode array) {
    long[] values = new long[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).asLong();
    }
    return values;
  }

  @ParameterizedTest
  @CsvSource({
    "bert, tiny-bert-uncased",
    "gpt2, tiny-gpt2",
    "clip, tiny-clip-text",
    "roberta, tiny-roberta-f16"
  })
  void tokensAndSpans(String kind, String model) throws IOException {
    TransformerConfig config = spec(model, Pooling.MEAN, Dtype.FLOAT32).directory().config();
    try (Tokenizer tokenizer =
        Tokenizer.open(TEXT.resolve("models/" + model + "/tokenizer.json"))) {
      PromptTokenizer robust =
          new PromptTokenizer(tokenizer, PromptFormat.of(Pooling.CLASS_NAME, config));
      PromptTokenizer official =
          new PromptTokenizer(tokenizer, PromptFormat.of(Pooling.OFFICIAL, config));
      for (Golden golden : golden(kind)) {
        TokenizedText text = robust.text(golden.prompt());
        assertThat(text.ids()).as(golden.prompt()).isEqualTo(longs(golden.entry().get("ids")));
        assertThat(robust.wanted(text, golden.prompt(), golden.start(), golden.end()))
            .as(golden.prompt())
            .isEqualTo(new ObjectMapper().convertValue(golden.entry().get("robust"), int[].class));
        int[] counted = official.wanted(text, golden.prompt(), golden.start(), golden.end());
        // The fixture gives the slice as asked for; past the last token it is cut.
        JsonNode slice = golden.entry().get("official");
        assertThat(counted)
            .as(golden.prompt())
            .isEqualTo(
                IntStream.range(slice.get(0).asInt(), Math.min(slice.get(1).asInt(), text.length()))
                    .toArray());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "bert, tiny-bert-uncased, CLASS_NAME, class_robust",
    "bert, tiny-bert-uncased, OFFICIAL, class_official",
    "bert, tiny-bert-uncased, CLS, cls",
    "bert, tiny-bert-uncased, MEAN, mean",
    "gpt2, tiny-gpt2, CLASS_NAME, class_robust",
    "gpt2, tiny-gpt2, OFFICIAL, class_official",
    "gpt2, tiny-gpt2, CLS, cls",
    "gpt2, tiny-gpt2, MEAN, mean",
    "gpt2, tiny-gpt2, END_OF_TEXT, last",
    "clip, tiny-clip-text, CLASS_NAME, class_robust",
    "clip, tiny-clip-text, OFFICIAL, class_official",
    "clip, tiny-clip-text, CLS, cls",
    "clip, tiny-clip-text, MEAN, mean",
    "clip, tiny-clip-text, END_OF_TEXT, eot_projected",
    "roberta, tiny-roberta-f16, CLASS_NAME, class_robust",
    "roberta, tiny-roberta-f16, OFFICIAL, class_official",
    "roberta, tiny-roberta-f16, CLS, cls",
    "roberta, tiny-roberta-f16, MEAN, mean"
  })
  void poolings(String kind, String model, Pooling pooling, String name) throws IOException {
    Map<String, HostArray> expected = Safetensors.map(TEXT.resolve(kind + ".expected.safetensors"));
    assertThat(difference(kind, spec(model, pooling, Dtype.FLOAT32), expected.get("f64/" + name)))
        .isLessThan(1e-5);
    assertThat(difference(kind, spec(model, pooling, Dtype.FLOAT64), expected.get("f64/" + name)))
        .isLessThan(doubleTolerance(kind));
  }

  /** Largest difference of unit vectors, over all prompts in batches of equal length. */
  private static double difference(String kind, ModelSpec spec, HostArray expected)
      throws IOException {
    double[] wanted = expected.doubles();
    int width = (int) expected.shape()[2];
    double largest = 0;
    try (TorchModel model = open(spec);
        Tokenizer tokenizer = Tokenizer.open(local(spec).resolve("tokenizer.json"))) {
      PromptTokenizer prompts = new PromptTokenizer(tokenizer, spec.format(spec.directory()));
      for (Golden golden : golden(kind)) {
        PromptTokens tokens = prompts.tokenize(golden.prompt(), golden.start(), golden.end());
        try (TensorScope scope = new TensorScope();
            ModeGuard noGrad = Autograd.noGrad()) {
          double[] vector = Tensors.doubles(model.pooled(List.of(tokens, tokens)));
          double length = 0;
          for (int d = 0; d < width; d++) {
            length += vector[width + d] * vector[width + d];
          }
          for (int d = 0; d < width; d++) {
            double unit = vector[width + d] / Math.sqrt(length);
            largest = Math.max(largest, Math.abs(unit - wanted[golden.row() * width + d]));
          }
        }
      }
    }
    return largest;
  }

  private static TorchModel open(ModelSpec spec) {
    ModelDirectory directory = spec.directory();
    return TorchModel.open(
        directory.config(),
        local(spec),
        directory.weightFiles(),
        spec.pooling(),
        spec.dtype(),
        ComputeDevice.cpu());
  }

  @ParameterizedTest
  @CsvSource({
    "bert, tiny-bert-uncased",
    "gpt2, tiny-gpt2",
    "clip, tiny-clip-text",
    "roberta, tiny-roberta-f16"
  })
  void hiddenStates(String kind, String model) throws IOException {
    Map<String, HostArray> expected = Safetensors.map(TEXT.resolve(kind + ".expected.safetensors"));
    int compared = 0;
    for (Dtype dtype : List.of(Dtype.FLOAT32, Dtype.FLOAT64)) {
      double tolerance = dtype == Dtype.FLOAT32 ? 1e-4 : doubleTolerance(kind);
      try (TorchModel opened = open(spec(model, Pooling.MEAN, dtype));
          TensorScope scope = new TensorScope();
          ModeGuard noGrad = Autograd.noGrad()) {
        for (Golden golden : golden(kind)) {
          HostArray states =
              expected.get("hidden_f64/" + golden.entry().get("c") + "_" + golden.entry().get("p"));
          if (states != null) {
            assertThat(
                    Tensors.doubles(
                        opened.model().hidden(List.of(longs(golden.entry().get("ids"))))))
                .as(golden.prompt())
                .containsExactly(states.doubles(), within(tolerance));
            compared++;
          }
        }
      }
    }
    assertThat(compared).isEqualTo(16);
  }

  @Test
  void onnxGraph() throws IOException {
    Map<String, HostArray> fixture =
        Safetensors.map(TEXT.resolve("bert.onnx_expected.safetensors"));
    try (OnnxModel model = OnnxModel.open(TEXT.resolve("models/tiny-bert-uncased/model.onnx"), 1)) {
      for (String batch : List.of("a", "c")) {
        long[] shape = fixture.get(batch + ".input_ids").shape();
        double[] ids = fixture.get(batch + ".input_ids").doubles();
        double[] mask = fixture.get(batch + ".attention_mask").doubles();
        double[] expected = fixture.get(batch + ".ort_f32").doubles();
        int width = expected.length / ids.length;
        for (int row = 0; row < shape[0]; row++) {
          int from = row * (int) shape[1];
          int length = 0;
          while (length < shape[1] && mask[from + length] == 1) {
            length++;
          }
          long[] prompt = new long[length];
          for (int i = 0; i < length; i++) {
            prompt[i] = (long) ids[from + i];
          }
          float[] hidden = model.hidden(List.of(prompt));
          for (int i = 0; i < hidden.length; i++) {
            assertThat((double) hidden[i]).isCloseTo(expected[from * width + i], within(1e-4));
          }
        }
      }
    }
  }
}
