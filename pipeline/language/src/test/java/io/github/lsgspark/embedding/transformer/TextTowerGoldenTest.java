package io.github.lsgspark.embedding.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.config.EmbeddingSettings.Pooling;
import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.ModeGuard;
import io.github.lsgspark.torch.Safetensors;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The texts' side of CLIP, SigLIP and CLAP, from a directory of both sides, against transformers.
 */
@Tag("real-data")
class TextTowerGoldenTest {
  private static final Path SHARED = Path.of(System.getProperty("lsg.shared.dir", "../../shared"));

  private static List<long[]> rows(HostArray ids) {
    int length = (int) ids.shape()[1];
    double[] flat = ids.doubles();
    List<long[]> rows = new ArrayList<>();
    for (int i = 0; i < ids.shape()[0]; i++) {
      rows.add(
          Arrays.stream(flat, i * length, (i + 1) * length).mapToLong(id -> (long) id).toArray());
    }
    return rows;
  }

  /** CLIP's token of the largest id, as its configurations of old mean it; SigLIP's last. */
  private static int end(long[] ids, TransformerConfig config) {
    if (config.fills()) {
      return ids.length - 1;
    }
    int place = 0;
    if (config.endOfText() == TransformerConfig.FIRST_TOKEN) {
      return place;
    }
    for (int i = 0; i < ids.length; i++) {
      place = ids[i] > ids[place] ? i : place;
    }
    return place;
  }

  private static void assertClose(double[] values, HostArray golden) {
    double[] expected = golden.doubles();
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertThat(values).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(Math.abs(values[i] - expected[i])).isLessThan(1e-5 * Math.max(1, largest));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "towers/siglip_hf, input, last_hidden_state, pooler_output",
    "towers/clip_hf, input, last_hidden_state, text_embeds",
    "towers-av/clap_hf, nomask.input_ids, nomask.last_hidden_state, nomask.text_embeds",
  })
  void hiddenStatesAndVectorsAreThoseOfTransformers(
      String name, String input, String hidden, String vector) throws IOException {
    Path folder = SHARED.resolve(name);
    TransformerConfig config =
        TransformerConfig.of(
            new ObjectMapper().readTree(folder.resolve("config.json").toFile()), name);
    Map<String, HostArray> golden = Safetensors.map(folder.resolve("golden_text.safetensors"));
    List<long[]> ids = rows(golden.get(input));
    TorchModel model =
        TorchModel.open(
            config,
            folder,
            List.of("model.safetensors"),
            Pooling.END_OF_TEXT,
            Dtype.FLOAT32,
            ComputeDevice.cpu());
    try (model;
        TensorScope scope = new TensorScope();
        ModeGuard none = Autograd.noGrad()) {
      assertClose(Tensors.doubles(model.model().hidden(ids)), golden.get(hidden));
      List<PromptTokens> prompts =
          ids.stream()
              .map(row -> new PromptTokens(row, new int[] {end(row, config)}, 0, 0))
              .toList();
      assertClose(Tensors.doubles(model.pooled(prompts)), golden.get(vector));
    }
  }
}
