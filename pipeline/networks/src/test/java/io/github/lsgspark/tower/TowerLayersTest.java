package io.github.lsgspark.tower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.backbone.BatchNormalization;
import io.github.lsgspark.backbone.LayerOutput;
import io.github.lsgspark.backbone.TensorLayers;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers and outputs of networks of maps, and what their families refuse. */
class TowerLayersTest {
  private static final String SMALL = "\"depths\": [1, 1, 2, 1], \"hidden_sizes\": [8, 16, 24, 32]";

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  private static TowerConfig config(String keys) {
    return TowerConfig.parse(
        ("{" + keys + "}").getBytes(StandardCharsets.UTF_8), "model/config.json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"model_type\": \"convnext\", " + SMALL,
        "\"model_type\": \"convnextv2\", " + SMALL,
        "\"model_type\": \"dinov3_convnext\", " + SMALL,
        "\"architecture\": \"convnext_atto\"",
        "\"model_type\": \"swin\", \"embed_dim\": 8, \"depths\": [2, 2], \"num_heads\": [2, 4]",
        "\"architecture\": \"swin_tiny_patch4_window7_224\", \"model_args\": {\"embed_dim\": 6}",
        "\"architecture\": \"efficientnet_b0\"",
        "\"architecture\": \"mobilenetv3_small_100\""
      })
  void everyParameterIsOfOneLayerAndEveryStagesMapIsOffered(String keys) {
    try (Tower network = Towers.of(config(keys), 200, 224);
        TensorScope scope = new TensorScope()) {
      List<Backbone.Layer> layers = network.layers();
      assertThat(network.parameterShapes().keySet())
          .allSatisfy(
              name -> assertThat(layers.stream().filter(one -> owns(one, name))).hasSize(1));
      Map<String, Tensor> weights = new LinkedHashMap<>();
      network.initialWeights(1).forEach((name, array) -> weights.put(name, array.tensor()));
      Map<String, long[]> offered = new LinkedHashMap<>();
      Tensor images = Tensors.of(new float[3 * 200 * 224], 1, 3, 200, 224);
      Tensor features =
          network.features(
              new TensorLayers(weights::get, BatchNormalization.runningStatistics()),
              images,
              (layer, output) -> offered.put(layer, Tensors.shape(output.get())));
      assertThat(features.size(1)).isEqualTo(network.featureDimension());
      List<String> outputs = new ArrayList<>();
      for (LayerOutput output : network.outputs()) {
        outputs.add(output.layer());
        assertThat(layers.stream().map(Backbone.Layer::name)).contains(output.layer());
        assertThat(offered.get(output.layer())).hasSize(4);
        assertThat(offered.get(output.layer())[1]).isEqualTo(output.width());
      }
      outputs.add(LayerOutput.FEATURES);
      assertThat(outputs).containsAll(network.featureLayers());
    }
  }

  private static boolean owns(Backbone.Layer layer, String parameter) {
    return layer.prefixes().stream()
        .anyMatch(prefix -> parameter.equals(prefix) || parameter.startsWith(prefix + "."));
  }

  @ParameterizedTest
  @CsvSource({
    "tf_efficientnet_b0, efficientnet_b0 to efficientnet_b4",
    "tf_mobilenetv3_small_100, mobilenetv3_small_100 or mobilenetv3_large_100",
    "convnext_atto_ols, 'convnext_ and one of atto, femto'",
    "swin_s3_tiny_224, _patch4_window7_224"
  })
  void aNetworkThatIsBuiltOtherwiseIsRefusedByItsName(String name, String others) {
    TowerConfig config = config("\"architecture\": \"" + name + "\"");
    assertThatThrownBy(() -> Towers.of(config, 224, 224))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("model/config.json: architecture must be ")
        .hasMessageContaining(others)
        .hasMessageEndingWith("but is: " + name);
  }

  @Test
  void stagesMustAgree() {
    TowerConfig config = config("\"model_type\": \"convnext\", \"depths\": [3, 3]");
    assertThatThrownBy(() -> Towers.of(config, 224, 224))
        .isInstanceOf(LsgException.class)
        .hasMessage(
            "model/config.json: depths and hidden_sizes must have one number for each stage, but"
                + " are: [3, 3] and [96, 192, 384, 768]");
  }

  @ParameterizedTest
  @CsvSource({
    "swin, 192, 196 pixels or more",
    "swin, 222, multiples of its patches of 4 pixels",
    "convnext, 31, 32 pixels or more"
  })
  void imagesThatAStageCannotSeeAreRefused(String type, int side, String wanted) {
    TowerConfig config = config("\"model_type\": \"" + type + "\"");
    assertThatThrownBy(() -> Towers.of(config, side, side))
        .isInstanceOf(LsgException.class)
        .hasMessageStartingWith("train.image-size: both sides of what this network sees must be ")
        .hasMessageContaining(wanted);
  }
}
