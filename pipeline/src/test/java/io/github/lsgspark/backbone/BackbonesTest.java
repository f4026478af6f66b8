package io.github.lsgspark.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BackbonesTest {
  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  /** The published parameter counts less the classifiers'. */
  @ParameterizedTest
  @CsvSource({
    "RESNET18, 11176512, 512",
    "RESNET34, 21284672, 512",
    "RESNET50, 23508032, 2048",
    "SQUEEZENET1_1, 722496, 512",
    "RESNET20_CIFAR, 269072, 64"
  })
  void parameterCounts(TrainSettings.Backbone kind, long count, int features) {
    Backbone backbone = Backbones.of(kind, "");
    assertThat(
            backbone.parameterShapes().values().stream()
                .mapToLong(shape -> Arrays.stream(shape).reduce(1, (a, b) -> a * b))
                .sum())
        .isEqualTo(count);
    assertThat(backbone.featureDimension()).isEqualTo(features);
  }

  @ParameterizedTest
  @EnumSource
  void featuresOfTwoPictures(TrainSettings.Backbone kind) {
    Backbone backbone = Backbones.of(kind, "");
    try (TensorScope scope = new TensorScope()) {
      Map<String, Tensor> tensors = tensors(Backbones.initialize(backbone, 3));
      Tensor features = backbone.features(tensors::get, images(40), true);
      assertThat(Tensors.shape(features)).containsExactly(2, backbone.featureDimension());
      assertThat(Dtype.of(features)).isEqualTo(Dtype.FLOAT32);
      double[] values = Tensors.doubles(features);
      assertThat(Arrays.stream(values)).allMatch(Double::isFinite);
      assertThat(Arrays.stream(values).max().orElseThrow()).isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyParameterBelongsToOneLayer(TrainSettings.Backbone kind) {
    Backbone backbone = Backbones.of(kind, "");
    for (String parameter : backbone.parameterShapes().keySet()) {
      assertThat(backbone.layers().stream().filter(layer -> layer.owns(parameter)))
          .as(parameter)
          .hasSize(1);
    }
  }

  @Test
  void squeezeNetCountsPartialPoolingWindowsOnlyInTorchvisionStyle() {
    // 95 pixels give 47, 23, 11 and 5: every window is whole. 66 leave a partial one.
    assertThat(features("", 95)).isEqualTo(features(PretrainedWeights.KERAS, 95));
    assertThat(features("", 66)).isNotEqualTo(features(PretrainedWeights.KERAS, 66));
  }

  private static double[] features(String variant, int side) {
    try (TensorScope scope = new TensorScope()) {
      Backbone squeezeNet = Backbones.of(TrainSettings.Backbone.SQUEEZENET1_1, variant);
      Map<String, Tensor> tensors = tensors(Backbones.initialize(squeezeNet, 3));
      return Tensors.doubles(squeezeNet.features(tensors::get, images(side), false));
    }
  }

  @Test
  void initialWeightsDependOnTheSeedAlone() {
    Backbone backbone = Backbones.of(TrainSettings.Backbone.RESNET20_CIFAR, "");
    Map<String, HostArray> once = Backbones.initialize(backbone, 7);
    Map<String, HostArray> twice = Backbones.initialize(backbone, 7);
    Map<String, HostArray> other = Backbones.initialize(backbone, 8);
    once.forEach(
        (name, array) -> assertThat(twice.get(name).floats()).as(name).isEqualTo(array.floats()));
    String conv = "layer3.2.conv2.weight";
    assertThat(other.get(conv).floats()).isNotEqualTo(once.get(conv).floats());
    double squares = 0;
    for (float value : once.get(conv).floats()) {
      squares += (double) value * value;
    }
    assertThat(squares / once.get(conv).size()).isCloseTo(2.0 / (64 * 9), within(2e-4));
    assertThat(once.get("bn1.running_var").floats()).containsOnly(1f);
    assertThat(once.get("bn1.running_mean").floats()).containsOnly(0f);
  }

  @Test
  void layersFreezeByTheirNameOrAlias() {
    Backbone squeezeNet = Backbones.of(TrainSettings.Backbone.SQUEEZENET1_1, "");
    Set<String> frozen = Backbones.frozen(squeezeNet, List.of("conv1", "fire2"));
    assertThat(frozen)
        .isEqualTo(Backbones.frozen(squeezeNet, List.of("features.0", "features.3")))
        .contains("features.0.weight", "features.3.expand3x3.bias")
        .hasSize(8);
    Backbone resNet = Backbones.of(TrainSettings.Backbone.RESNET18, "");
    assertThat(Backbones.frozen(resNet, List.of("conv1"))).contains("bn1.weight");
    assertThatThrownBy(() -> Backbones.frozen(squeezeNet, List.of("fire99")))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("fire99")
        .hasMessageContaining("features.12 (fire9)");
  }

  private static Map<String, Tensor> tensors(Map<String, HostArray> arrays) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    arrays.forEach((name, array) -> tensors.put(name, array.tensor()));
    return tensors;
  }

  private static Tensor images(int side) {
    SplittableRandom random = new SplittableRandom(5);
    float[] pixels = new float[2 * 3 * side * side];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return Tensors.of(pixels, 2, 3, side, side);
  }
}
