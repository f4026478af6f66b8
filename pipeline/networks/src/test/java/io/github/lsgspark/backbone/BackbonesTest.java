package io.github.lsgspark.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.ModeGuard;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.NeuralOps;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class BackbonesTest {
  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  /** The published parameter counts less the classifiers'. */
  @ParameterizedTest
  @CsvSource({
    "resnet18, 11176512, 512",
    "resnet34, 21284672, 512",
    "resnet50, 23508032, 2048",
    "resnet101, 42500160, 2048",
    "resnet152, 58143808, 2048",
    "vit-tiny, 5524416, 192",
    "vit-small, 21665664, 384",
    "vit-base, 85798656, 768",
    "squeezenet1_1, 722496, 512",
    "resnet20-cifar, 269072, 64"
  })
  void parameterCounts(String kind, long count, int features) {
    Backbone backbone = Backbones.of(kind, "");
    assertThat(
            backbone.parameterShapes().values().stream()
                .mapToLong(shape -> Arrays.stream(shape).reduce(1, (a, b) -> a * b))
                .sum())
        .isEqualTo(count);
    assertThat(backbone.featureDimension()).isEqualTo(features);
  }

  private static Stream<String> networksOfImages() {
    return Backbones.kinds().stream()
        .filter(kind -> kind.modality() == Modality.IMAGE && !kind.isOfItsWeights())
        .map(BackboneKind::label)
        .filter(label -> !label.equals(Backbones.TORCHSCRIPT));
  }

  @ParameterizedTest
  @MethodSource("networksOfImages")
  void featuresOfTwoPictures(String kind) {
    Backbone backbone = Backbones.of(kind, "", new long[] {3, 48, 48});
    try (TensorScope scope = new TensorScope()) {
      Map<String, Tensor> tensors = tensors(backbone.initialWeights(3));
      Tensor features =
          backbone.features(tensors::get, images(48), BatchNormalization.batchStatistics());
      assertThat(Tensors.shape(features)).containsExactly(2, backbone.featureDimension());
      assertThat(Dtype.of(features)).isEqualTo(Dtype.FLOAT32);
      double[] values = Tensors.doubles(features);
      assertThat(Arrays.stream(values)).allMatch(Double::isFinite);
      assertThat(Arrays.stream(values).max().orElseThrow()).isPositive();
    }
  }

  @Test
  void aVisionTransformerGivesFloatFeaturesInMixedPrecision() {
    Backbone backbone = Backbones.of("vit-tiny", "", new long[] {3, 48, 48});
    try (TensorScope scope = new TensorScope();
        ModeGuard mixed = NeuralOps.autocast(true, ComputeDevice.cpu())) {
      Map<String, Tensor> tensors = tensors(backbone.initialWeights(3));
      tensors.replaceAll((name, tensor) -> Autograd.leaf(tensor));
      Tensor features =
          backbone.features(tensors::get, images(48), BatchNormalization.batchStatistics());
      assertThat(Dtype.of(features)).isEqualTo(Dtype.FLOAT32);
      Autograd.backward(Ops.sum(Ops.mul(features, features)));
      assertThat(Ops.norm(Autograd.grad(tensors.get("pos_embed")))).isFinite().isPositive();
    }
  }

  @ParameterizedTest
  @MethodSource("networksOfImages")
  void everyParameterBelongsToOneLayer(String kind) {
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
      Backbone squeezeNet = Backbones.of("squeezenet1_1", variant);
      Map<String, Tensor> tensors = tensors(squeezeNet.initialWeights(3));
      return Tensors.doubles(
          squeezeNet.features(tensors::get, images(side), BatchNormalization.runningStatistics()));
    }
  }

  @Test
  void initialWeightsDependOnTheSeedAlone() {
    Backbone backbone = Backbones.of("resnet20-cifar", "");
    Map<String, HostArray> once = backbone.initialWeights(7);
    Map<String, HostArray> twice = backbone.initialWeights(7);
    Map<String, HostArray> other = backbone.initialWeights(8);
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
    Backbone squeezeNet = Backbones.of("squeezenet1_1", "");
    Set<String> frozen = Backbones.frozen(squeezeNet, List.of("conv1", "fire2"));
    assertThat(frozen)
        .isEqualTo(Backbones.frozen(squeezeNet, List.of("features.0", "features.3")))
        .contains("features.0.weight", "features.3.expand3x3.bias")
        .hasSize(8);
    Backbone resNet = Backbones.of("resnet18", "");
    assertThat(Backbones.frozen(resNet, List.of("conv1"))).contains("bn1.weight");
    assertThatThrownBy(() -> Backbones.frozen(squeezeNet, List.of("fire99")))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("fire99")
        .hasMessageContaining("features.12 (fire9)");
  }

  @Test
  void visionTransformersStartAsInTimm() {
    Backbone backbone = Backbones.of("vit-tiny", "", new long[] {3, 32, 32});
    Map<String, HostArray> weights = backbone.initialWeights(2);
    double squares = 0;
    for (float value : weights.get("blocks.3.mlp.fc1.weight").floats()) {
      squares += (double) value * value;
    }
    assertThat(Math.sqrt(squares / (768 * 192))).isCloseTo(0.02, within(2e-4));
    assertThat(weights.get("blocks.3.mlp.fc1.bias").floats()).containsOnly(0f);
    assertThat(weights.get("norm.weight").floats()).containsOnly(1f);
    assertThat(Backbones.frozen(backbone, List.of("patch_embed")))
        .containsExactlyInAnyOrder(
            "cls_token", "pos_embed", "patch_embed.proj.weight", "patch_embed.proj.bias");
    assertThatThrownBy(() -> Backbones.of("vit-tiny", "", new long[] {3, 40, 40}))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("train.image-size")
        .hasMessageContaining("40");
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
