package io.github.lsgspark.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.NeuralOps;
import io.github.lsgspark.torch.Safetensors;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks on clips; that they compute what torchvision's do is VideoParityTest. */
class VideoBackbonesTest {
  private static final long[] CLIP = {3, 4, 32, 32};

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  private static Tensor clips() {
    SplittableRandom random = new SplittableRandom(5);
    float[] pixels = new float[2 * 3 * 4 * 32 * 32];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return Tensors.of(pixels, 2, 3, 4, 32, 32);
  }

  private static double[] features(Backbone backbone, Tensor input) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    backbone.initialWeights(3).forEach((name, array) -> tensors.put(name, array.tensor()));
    return Tensors.doubles(
        backbone.features(tensors::get, input, BatchNormalization.runningStatistics()));
  }

  /**
   * torchvision's counts for 400 classes, less the classifier's 205,200; of the narrow network an
   * eighteen-layer one by hand.
   */
  @ParameterizedTest
  @CsvSource({"r3d-18, 33166272, 512", "r2plus1d-18, 31300125, 512", "r3d-small, 2079984, 128"})
  void parameterCounts(String kind, long count, int features) {
    Backbone backbone = Backbones.of(kind, "", CLIP);
    assertThat(
            backbone.parameterShapes().values().stream()
                .mapToLong(shape -> Arrays.stream(shape).reduce(1, (a, b) -> a * b))
                .sum())
        .isEqualTo(count);
    assertThat(backbone.featureDimension()).isEqualTo(features);
    for (String parameter : backbone.parameterShapes().keySet()) {
      assertThat(backbone.layers().stream().filter(layer -> layer.owns(parameter))).hasSize(1);
    }
    assertThat(Backbones.frozen(backbone, List.of("stem"))).contains("stem.0.weight");
  }

  private static Stream<String> networksOfClips() {
    return Backbones.kinds().stream()
        .filter(kind -> kind.modality() != Modality.AUDIO && !kind.isOfItsWeights())
        .map(BackboneKind::label)
        .filter(label -> !label.equals(Backbones.TORCHSCRIPT));
  }

  @ParameterizedTest
  @MethodSource("networksOfClips")
  void everyNetworkSeesClips(String kind) {
    try (TensorScope scope = new TensorScope()) {
      Backbone backbone = Backbones.of(kind, "", CLIP);
      double[] features = features(backbone, clips());
      assertThat(features).hasSize(2 * backbone.featureDimension());
      assertThat(Arrays.stream(features)).allMatch(Double::isFinite);
      double[] inner = features(backbone, NeuralOps.channelsLast(clips()));
      double largest = Arrays.stream(features).map(Math::abs).max().orElseThrow();
      for (int i = 0; i < features.length; i++) {
        assertThat(inner[i]).isCloseTo(features[i], within(2e-3 * largest));
      }
    }
  }

  @Test
  void anImageNetworkAveragesTheFeaturesOfFrames() {
    try (TensorScope scope = new TensorScope()) {
      String kind = "resnet18";
      double[] clips = features(Backbones.of(kind, "", CLIP), clips());
      Backbone images = Backbones.of(kind, "", new long[] {3, 32, 32});
      double[] mean = new double[2 * 512];
      for (int t = 0; t < 4; t++) {
        double[] frame = features(images, clips().select(2, t));
        for (int i = 0; i < mean.length; i++) {
          mean[i] += frame[i] / 4;
        }
      }
      for (int i = 0; i < mean.length; i++) {
        assertThat(clips[i]).isCloseTo(mean[i], within(1e-4));
      }
    }
  }

  @Test
  void videoNetworksSeeNoImages() {
    assertThatThrownBy(() -> Backbones.of("r2plus1d-18", "", new long[] {3, 32, 32}))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.USAGE))
        .hasMessage(
            "train.backbone = r2plus1d-18 is for data.modality = video, but that was: image");
    assertThatThrownBy(() -> SettingsLoader.parse("train.backbone = r3d-18"))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.USAGE))
        .hasMessageContaining("train.backbone = r3d-18 is for data.modality = video");
  }

  @Test
  void initialWeightsFollowTheFanOut() {
    Backbone backbone = Backbones.of("r3d-18", "", CLIP);
    String name = "layer2.1.conv2.0.weight";
    HostArray kernel = backbone.initial(name, backbone.parameterShapes().get(name), 1);
    double squares = 0;
    for (float value : kernel.floats()) {
      squares += (double) value * value;
    }
    assertThat(squares / kernel.size()).isCloseTo(2.0 / (128 * 27), within(5e-6));
  }

  @ParameterizedTest
  @CsvSource({"r3d-18, KINETICS", "resnet18, IMAGENET"})
  void publishedWeightsBringTheirPixels(String name, TrainSettings.Normalization expected)
      throws Exception {
    Map<String, HostArray> file = Backbones.of(name, "", CLIP).initialWeights(1);
    file.put("fc.weight", HostArray.of(new float[400 * 512], 400, 512));
    file.put("fc.bias", HostArray.of(new float[400], 400));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Safetensors.write(bytes, file, Map.of());
    TrainSettings train =
        SettingsLoader.parse("data.modality = video, train.backbone = " + name).train();
    PretrainedWeights weights = PretrainedWeights.read(train, CLIP, bytes.toByteArray(), name);
    assertThat(weights.normalization()).isEqualTo(expected);
    assertThat(weights.unfilled()).isEmpty();
  }
}
