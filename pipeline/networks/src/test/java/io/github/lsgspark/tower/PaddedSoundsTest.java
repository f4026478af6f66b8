package io.github.lsgspark.tower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.backbone.BatchNormalization;
import io.github.lsgspark.backbone.TensorLayers;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Networks whose first convolutions are normalised by layer: the silence behind a clip is not
 * heard, so a clip among longer ones has the vector that it has alone.
 */
class PaddedSoundsTest {
  private static final String CONFIG =
      """
      { "model_type": "%s", "hidden_size": 16, "num_hidden_layers": 2, "intermediate_size": 32,
        "num_attention_heads": 2, "conv_dim": [8, 8], "conv_kernel": [10, 3], "conv_stride": [5, 2],
        "num_conv_pos_embeddings": 4, "num_conv_pos_embedding_groups": 2,
        "feat_extract_norm": "layer", "do_stable_layer_norm": %s, "conv_bias": true }
      """;
  private static final int LENGTH = 800;

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  private static double[] features(TowerConfig config, Map<String, HostArray> weights, float[] x) {
    int length = Math.min(LENGTH, x.length);
    try (TensorScope scope = new TensorScope();
        Tower network = Towers.of(config, 1, length)) {
      TensorLayers layers =
          new TensorLayers(
              name -> weights.get(name).tensor(), BatchNormalization.runningStatistics());
      return Tensors.doubles(
          network.features(
              layers,
              HostArray.of(x, x.length / length, 1, 1, length).tensor(),
              (layer, output) -> {}));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "wav2vec2, true",
    "hubert, true",
    "hubert, false",
    "wavlm, true",
    "wavlm, false",
  })
  void aClipAmongLongerOnesHasItsOwnVector(String type, boolean stable) {
    TowerConfig config =
        TowerConfig.parse(
            CONFIG.formatted(type, stable).getBytes(StandardCharsets.UTF_8), "config.json");
    Map<String, HostArray> weights;
    try (Tower network = Towers.of(config, 1, LENGTH)) {
      weights = network.initialWeights(3);
    }
    Random random = new Random(5);
    float[] both = new float[2 * LENGTH];
    int shorter = 520;
    for (int i = 0; i < LENGTH + shorter; i++) {
      both[i] = (float) random.nextGaussian();
    }
    double[] together = features(config, weights, both);
    double[] alone = features(config, weights, Arrays.copyOfRange(both, LENGTH, LENGTH + shorter));
    int d = alone.length;
    assertThat(Arrays.copyOfRange(together, d, 2 * d)).containsExactly(alone, within(1e-5));
    assertThat(Arrays.copyOfRange(together, 0, d))
        .containsExactly(features(config, weights, Arrays.copyOf(both, LENGTH)), within(1e-5));
  }
}
