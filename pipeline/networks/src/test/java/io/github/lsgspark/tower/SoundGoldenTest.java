package io.github.lsgspark.tower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What public networks of sounds compute, block by block, at their own and at other lengths. */
@Tag("real-data")
class SoundGoldenTest {
  /** What the golden has beside what is seen on the way. */
  private static final Set<String> BESIDE =
      Set.of("features", "logits", "grad_probe", "waveform_0", "waveform_1", "waveform_2");

  private static final float STEP = 1e-2f;

  /** Padded clips together, which are not computed here. */
  private static final String BATCHES = "batch";

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  @ParameterizedTest
  @CsvSource({
    "ast_hf, audio_spectrogram_transformer.",
    "whisper_hf, model.",
    "wav2vec2_group_hf, ''",
    "wav2vec2_layer_hf, ''",
    "hubert_hf, ''",
    "wavlm_hf, ''",
    "data2vec_audio_hf, ''",
    "clap_hf, ''"
  })
  void everyBlockAndGradientIsThatOfThePublicCode(String name, String prefix) throws Exception {
    GoldenTower tower = GoldenTower.of(name);
    for (String size : tower.sizes()) {
      try (TensorScope scope = new TensorScope();
          Tower network = tower.network(size)) {
        Map<String, Tensor> weights = tower.weights(network, prefix);
        network.parameterShapes().keySet().forEach(key -> weights.get(key).set_requires_grad(true));
        Map<String, Tensor> seen = tower.outputs(network, weights, tower.input(size));
        for (String key : tower.outputs(size)) {
          if (!BESIDE.contains(key) && !key.startsWith(BATCHES)) {
            compare(tower, size + key, seen, key);
          }
        }
        if (size.isEmpty()) {
          tower.compareGradients(network, seen.get("features"), weights, prefix);
        }
      }
    }
  }

  private static void compare(
      GoldenTower tower, String key, Map<String, Tensor> seen, String name) {
    Tensor actual =
        switch (name) {
          case "last_hidden_state" ->
              seen.containsKey("map") ? regrouped(seen.get("map")) : seen.get("tokens");
          case "pooler_output", "mean" -> seen.get("pooled");
          case "audio_embeds" -> seen.get("features");
          default -> seen.get(own(name));
        };
    assertThat(actual).as(key).isNotNull();
    tower.compareNumbers(key, actual);
  }

  /** The last stage ends with its last block. */
  private static String own(String key) {
    return key.equals("layers.1")
        ? "stages.1.blocks.1"
        : key.replaceFirst("^layers\\.", "stages.").replaceFirst("^block\\.", "blocks.");
  }

  /** A gradient that the golden has wrong, against differences of the outputs. */
  @Test
  void gradientsOfClapsBatchNormalisationAreThoseOfDifferences() throws Exception {
    GoldenTower tower = GoldenTower.of("clap_hf");
    String name = "audio_model.audio_encoder.batch_norm.weight";
    try (TensorScope scope = new TensorScope()) {
      Tensor view = tower.input("");
      try (Tower network = tower.network("")) {
        Map<String, Tensor> weights = tower.weights(network, "");
        weights.get(name).set_requires_grad(true);
        probed(tower, network, weights, view).backward();
        double[] gradient = Tensors.doubles(weights.get(name).grad());
        float[] values = tower.file.get(name).floats();
        for (int i = 0; i < values.length; i++) {
          double[] sums = new double[2];
          for (int side = 0; side < 2; side++) {
            float[] moved = values.clone();
            moved[i] += side == 0 ? STEP : -STEP;
            weights.put(name, HostArray.of(moved, moved.length).tensor());
            sums[side] = Tensors.doubles(probed(tower, network, weights, view))[0];
          }
          assertThat((sums[0] - sums[1]) / (2 * STEP)).isCloseTo(gradient[i], within(1e-3));
        }
      }
    }
  }

  private static Tensor probed(
      GoldenTower tower, Tower network, Map<String, Tensor> weights, Tensor view) {
    Tensor features = tower.outputs(network, weights, view).get("features");
    return Ops.sum(Ops.mul(features, tower.golden.get("grad_probe").tensor()));
  }

  /** CLAP's last map with the stretches of time that stood one over the other behind each other. */
  private static Tensor regrouped(Tensor map) {
    long n = map.size(0);
    long rows = map.size(1);
    long channels = map.size(3);
    long ratio = 4;
    return map.permute(0, 3, 1, 2)
        .reshape(n, channels, ratio, rows / ratio, rows)
        .permute(0, 1, 3, 2, 4)
        .reshape(n, channels, rows / ratio, ratio * rows);
  }
}
