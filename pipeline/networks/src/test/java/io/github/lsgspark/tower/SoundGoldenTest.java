package io.github.lsgspark.tower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.backbone.BatchNormalization;
import io.github.lsgspark.backbone.LayerOutput;
import io.github.lsgspark.backbone.TensorLayers;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.NeuralOps;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What public networks of sounds compute, block by block, at their own and at other lengths. */
@Tag("real-data")
class SoundGoldenTest {
  /** What the golden has beside what is seen on the way. */
  private static final Set<String> BESIDE =
      Set.of("features", "logits", "grad_probe", "waveform_0", "waveform_1", "waveform_2");

  private static final float STEP = 1e-2f;

  /** Padded clips together. */
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

  /**
   * Clips of several lengths together: places that stand for sound are those of the public code,
   * and the vectors are the means over them.
   */
  @ParameterizedTest
  @ValueSource(strings = {"wav2vec2_layer_hf", "data2vec_audio_hf"})
  void paddingIsNotHeard(String name) throws Exception {
    GoldenTower tower = GoldenTower.of(name);
    try (TensorScope scope = new TensorScope();
        Tower network = tower.network("")) {
      Map<String, Tensor> weights = tower.weights(network, "");
      Map<String, Tensor> seen = tower.outputs(network, weights, samples(tower, "batch.features"));
      Tensor mask = tower.golden.get("batch.frame_mask").tensor().unsqueeze(2);
      for (String key : List.of("block.0", "block.1", "last_hidden_state")) {
        Tensor own = seen.get(key.startsWith("block.") ? own(key) : "tokens");
        double[] expected = Tensors.doubles(tower.golden.get("batch." + key).tensor().mul(mask));
        tower.compare("batch." + key, Tensors.doubles(own.mul(mask)), expected, 2e-5);
      }
      tower.compare("batch.masked_mean", seen.get("features"));
      LayerOutput last = network.outputs().get(network.outputs().size() - 1);
      Tensor[] pooled = new Tensor[1];
      TensorLayers layers = new TensorLayers(weights::get, BatchNormalization.runningStatistics());
      network.features(
          layers,
          samples(tower, "batch.features"),
          (layer, output) -> pooled[0] = output.get().mean(1));
      assertThat(last.tokens()).isZero();
      tower.compare("batch.masked_mean", pooled[0]);
      if (!name.startsWith("data2vec")) {
        alone(tower, weights, pooled[0]);
      }
    }
  }

  /** The second clip by itself has the same vector. */
  private static void alone(GoldenTower tower, Map<String, Tensor> weights, Tensor together) {
    int length = (int) tower.golden.get("batch.lengths").doubles()[1];
    Tensor clip = samples(tower, "batch.features").narrow(0, 1, 1).narrow(3, 0, length);
    try (Tower network = Towers.of(tower.config, 1, length)) {
      Tensor features = tower.outputs(network, weights, clip).get("features");
      tower.compare(
          "alone", Tensors.doubles(features), Tensors.doubles(together.narrow(0, 1, 1)), 1e-5);
    }
  }

  /** Where the first convolution is normalised over time, padding is heard, as it is there. */
  @ParameterizedTest
  @ValueSource(strings = {"wav2vec2_group_hf", "hubert_hf"})
  void paddingOfOlderNetworksIsSound(String name) throws Exception {
    GoldenTower tower = GoldenTower.of(name);
    try (TensorScope scope = new TensorScope();
        Tower network = tower.network("")) {
      Map<String, Tensor> seen =
          tower.outputs(
              network, tower.weights(network, ""), samples(tower, "batch_nomask.features"));
      tower.compare("batch_nomask.embeddings", seen.get("embeddings"));
      tower.compare("batch_nomask.block.1", seen.get("blocks.1"));
      tower.compare("batch_nomask.mean", seen.get("features"));
    }
  }

  private static Tensor samples(GoldenTower tower, String key) {
    return tower.golden.get(key).tensor().unsqueeze(1).unsqueeze(1);
  }

  /** With the classifier that the network leaves out: normalised, then a matrix. */
  @Test
  void logitsOfAst() throws Exception {
    GoldenTower tower = GoldenTower.of("ast_hf");
    try (TensorScope scope = new TensorScope();
        Tower network = tower.network("")) {
      Map<String, Tensor> weights = tower.weights(network, "audio_spectrogram_transformer.");
      Tensor features = tower.outputs(network, weights, tower.input("")).get("features");
      Tensor normed =
          NeuralOps.layerNorm(
              features,
              tower.file.get("classifier.layernorm.weight").tensor(),
              tower.file.get("classifier.layernorm.bias").tensor(),
              1e-12);
      Tensor logits =
          NeuralOps.linear(
              normed,
              tower.file.get("classifier.dense.weight").tensor(),
              tower.file.get("classifier.dense.bias").tensor());
      tower.compare("logits", logits);
    }
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
