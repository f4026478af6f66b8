package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.backbone.Backbones;
import io.github.lsgspark.backbone.BatchNormalization;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.ModeGuard;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.Recompute;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import io.github.lsgspark.tower.TowerConfig;
import io.github.lsgspark.tower.Towers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a network is trained, by the network itself. */
class TuningTest {
  private static final BatchNormalization EVALUATION = BatchNormalization.runningStatistics();
  private static final String QUERY = "encoder.layer.%d.attention.attention.query";
  private static final String UP = "encoder.layer.%d.mlp.fc1";

  private static TrainSettings settings(String tuning) {
    return SettingsLoader.parse("data.train = x, train.tuning { " + tuning + " }").train();
  }

  private static Tuning tuning(String text) {
    try (Backbone network = TinyTower.network()) {
      return Tuning.of(settings(text), network);
    }
  }

  private static Network network(Tuning tuning) {
    ModelDescription description =
        new ModelDescription("auto", "", 3, Network.NONE, 0, null, 1, null);
    Network network =
        new Network(
            description, TinyTower.network(), tuning, false, ComputeDevice.cpu(), HelperHeads.NONE);
    network.initialize(5);
    return network;
  }

  private static Tensor images(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[2 * 3 * TinyTower.SIDE * TinyTower.SIDE];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensors.of(values, 2, 3, TinyTower.SIDE, TinyTower.SIDE);
  }

  private static double[] features(Network network) {
    try (TensorScope scope = new TensorScope();
        ModeGuard none = Autograd.noGrad()) {
      return Tensors.doubles(network.features(images(1), EVALUATION));
    }
  }

  /** Every trained number moved at random. */
  private static void move(Network network) {
    SplittableRandom random = new SplittableRandom(9);
    Map<String, HostArray> moved = new HashMap<>();
    network
        .trained()
        .export()
        .forEach(
            (name, array) -> {
              float[] values = array.floats();
              for (int i = 0; i < values.length; i++) {
                values[i] += (float) (0.1 * random.nextGaussian());
              }
              moved.put(name, HostArray.of(values, array.shape()));
            });
    network.load(moved);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "method = all",
        "method = lora",
        "method = lora, lora { rank = 2, alpha = 3, layers = [attention] }",
        "method = bias",
        "method = last-blocks, blocks = 1"
      })
  void whatIsExportedIsAPlainNetworkOfTheSameOutputs(String text) {
    try (Network tuned = network(tuning(text));
        Network plain = network(Tuning.all())) {
      assertThat(features(tuned)).isEqualTo(features(plain));
      move(tuned);
      double[] moved = features(tuned);
      assertThat(moved).isNotEqualTo(features(plain));
      Map<String, HostArray> model = tuned.export();
      assertThat(model.keySet()).isEqualTo(plain.export().keySet());
      plain.load(model);
      assertThat(features(plain)).containsExactly(moved, within(1e-5));
      // And from a state that was put aside.
      assertThat(tuned.model(tuned.changing())).isEqualTo(model);
    }
  }

  @Test
  void whatIsTrainedIsWhatTheSettingsName() {
    Tuning lora = tuning("method = lora, lora.layers = [query, fc2]");
    assertThat(lora.adapters().orElseThrow().shapes()).hasSize(2 * TinyTower.DEPTH);
    try (Network network = network(lora)) {
      assertThat(network.trained().names())
          .hasSize(4 * TinyTower.DEPTH + 2)
          .contains("lora." + QUERY.formatted(0) + ".a", "classifier.weight");
      assertThat(network.trained().shape("lora.encoder.layer.3.mlp.fc2.a"))
          .isEqualTo(new long[] {8, 2L * TinyTower.WIDTH});
    }
    assertThat(tuning("method = lora, lora.layers = [mlp]").adapters().orElseThrow().shapes())
        .containsOnlyKeys(
            List.of(0, 1, 2, 3).stream()
                .flatMap(
                    i -> List.of("1", "2").stream().map(k -> "encoder.layer." + i + ".mlp.fc" + k))
                .toList());
    assertThat(trained("method = bias")).allMatch(name -> name.endsWith(".bias")).hasSize(34);
    assertThat(trained("method = last-blocks, blocks = 2"))
        .contains(UP.formatted(2) + ".weight", UP.formatted(3) + ".bias", "layernorm.weight")
        .noneMatch(name -> name.contains("layer.1.") || name.contains("embeddings"));
  }

  private static List<String> trained(String text) {
    Set<String> frozen = tuning(text).frozen();
    try (Backbone network = TinyTower.network()) {
      return network.parameterShapes().keySet().stream()
          .filter(name -> !frozen.contains(name))
          .toList();
    }
  }

  @Test
  void frozenLayersAreNotAdapted() {
    TrainSettings train =
        SettingsLoader.parse(
                "data.train = x, train { freeze = [blocks.0, blocks.1], tuning.method = lora }")
            .train();
    try (Backbone network = TinyTower.network()) {
      assertThat(Tuning.of(train, network).adapters().orElseThrow().shapes().keySet())
          .hasSize(12)
          .noneMatch(name -> name.contains("layer.0.") || name.contains("layer.1."));
    }
  }

  /** Two passes, as a training with unlabelled samples has them; the first block may be frozen. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "method = all",
        "method = lora",
        "method = bias",
        "method = last-blocks, blocks = 3",
        "method = last-blocks, blocks = 1"
      })
  void blocksComputedAgainHaveTheSameGradients(String text) {
    assertThat(gradients(text + ", recompute = true"))
        .containsExactly(gradients(text), within(1e-6));
  }

  private static double[] gradients(String text) {
    try (Network network = network(tuning(text));
        TensorScope scope = new TensorScope()) {
      move(network);
      network.trained().zeroGradients();
      Tensor loss = null;
      for (int pass = 0; pass < 2; pass++) {
        Tensor features = network.features(images(pass), EVALUATION);
        Tensor logits = network.classify(features);
        Tensor one = Ops.crossEntropy(logits, Tensors.of(new long[] {0, 2}, 2), 0);
        loss = loss == null ? one : Ops.add(loss, one);
      }
      network.backward(loss, () -> () -> {});
      double[] gradients = Tensors.doubles(network.trained().gradients());
      assertThat(Arrays.stream(gradients).map(Math::abs).max().orElse(0)).isGreaterThan(1e-3);
      return gradients;
    }
  }

  @Test
  void theLearningRateFallsFromTheHeadToTheStem() {
    try (Backbone network = TinyTower.network()) {
      LayerRates rates = LayerRates.of(network, 0.5);
      assertThat(rates.of("layernorm.weight")).isEqualTo(1);
      assertThat(rates.of("classifier.weight")).isEqualTo(1);
      assertThat(rates.of(UP.formatted(3) + ".weight")).isEqualTo(0.5);
      assertThat(rates.of("lora." + UP.formatted(2) + ".b")).isEqualTo(0.25);
      assertThat(rates.of(UP.formatted(0) + ".bias")).isEqualTo(0.0625);
      assertThat(rates.of("embeddings.cls_token")).isEqualTo(0.03125);
      assertThat(LayerRates.of(network, 1).of("embeddings.cls_token")).isEqualTo(1);
    }
  }

  /** Whatever the ends of a network are called. */
  @Test
  void stemsAndTopsOfOtherNetworksAreNoBlocks() {
    try (Backbone network = Backbones.of("vit-tiny", "", new long[] {3, 32, 32})) {
      LayerRates rates = LayerRates.of(network, 0.5);
      assertThat(rates.of("norm.weight")).isEqualTo(1);
      assertThat(rates.of("blocks.11.mlp.fc1.weight")).isEqualTo(0.5);
      assertThat(rates.of("pos_embed")).isEqualTo(Math.pow(0.5, 13));
      assertThatThrownBy(() -> Tuning.of(settings("method = last-blocks, blocks = 13"), network))
          .hasMessageNotContaining("patch_embed");
    }
    try (Backbone network = Backbones.of("resnet18", "")) {
      assertThatThrownBy(() -> Tuning.of(settings("method = last-blocks, blocks = 5"), network))
          .hasMessageContaining("[layer1, layer2, layer3, layer4]");
    }
  }

  /** The default names attention, too. */
  @Test
  void aNetworkWithoutAttentionIsAdaptedWhereItHasLinearLayers() {
    String config =
        """
        { "model_type": "convnext", "hidden_sizes": [8, 16], "depths": [1, 2], "num_stages": 2,
          "patch_size": 4, "image_size": 32 }
        """;
    try (Backbone network =
        Towers.of(
            TowerConfig.parse(config.getBytes(StandardCharsets.UTF_8), "config.json"), 32, 32)) {
      assertThat(Tuning.of(settings("method = lora"), network).adapters().orElseThrow().shapes())
          .hasSize(6);
      assertThatThrownBy(
              () -> Tuning.of(settings("method = lora, lora.layers = [attention]"), network))
          .hasMessageContaining("names 'attention'");
    }
  }

  /** Outputs of blocks are freed with the scope of the pass, not by the garbage collector. */
  @Test
  void blocksLeaveNoTensorBehind() {
    try (Network network = network(tuning("method = lora, recompute = true"))) {
      List<Tensor> outputs = new ArrayList<>();
      try (TensorScope scope = new TensorScope()) {
        outputs.add(network.features(images(1), EVALUATION));
        outputs.add(Recompute.scoped(outputs.get(0), x -> Ops.mul(x, 2)));
        try (TensorScope inner = new TensorScope()) {
          Tensor passed = inner.passOn(Ops.mul(outputs.get(1), 2));
          outputs.add(passed);
        }
        assertThat(Tensors.doubles(outputs.get(2))).isNotEmpty();
      }
      assertThat(outputs).allMatch(output -> output.isNull());
    }
  }

  @Test
  void whatTheNetworkHasNotIsRefusedWithWhatItHas() {
    assertThatThrownBy(() -> tuning("method = lora, lora.layers = [qkv]"))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.USAGE))
        .hasMessageContaining("train.tuning.lora.layers names 'qkv'")
        .hasMessageContaining(QUERY.formatted(0));
    assertThatThrownBy(() -> tuning("method = last-blocks, blocks = 5"))
        .hasMessageContaining("train.tuning.blocks = 5")
        .hasMessageContaining("blocks.0, blocks.1, blocks.2, blocks.3");
    try (Backbone network = Backbones.of("resnet18", "")) {
      assertThatThrownBy(() -> Tuning.of(settings("method = lora"), network))
          .hasMessageContaining("linear layers in blocks are none");
      assertThatThrownBy(() -> Tuning.of(settings("recompute = true"), network))
          .hasMessageContaining("train.tuning.recompute")
          .hasMessageContaining("batch normalisation");
      Optional<Adapters> none =
          Tuning.of(settings("method = last-blocks, blocks = 1"), network).adapters();
      assertThat(none).isEmpty();
    }
  }
}
