package io.github.lsgspark.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.Safetensors;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Networks with real weights on real images. */
@Tag("real-data")
class BackboneGoldenTest {
  private static final Path SHARED = Path.of(System.getProperty("lsg.shared.dir"));

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  @Test
  void squeezeNetWithRealWeights() throws Exception {
    Map<String, HostArray> golden =
        Safetensors.map(SHARED.resolve("plm/realweights/realweights.safetensors"));
    PretrainedWeights weights =
        pretrained(
            "squeezenet1_1",
            "data/models/squeezenet-imagenet-notop/squeezenet1_1_notop.safetensors");
    assertThat(weights.normalization()).isEqualTo(TrainSettings.Normalization.CAFFE_BGR);
    try (TensorScope scope = new TensorScope()) {
      Tensor images = golden.get("squeezenet.input4_f32").tensor();
      Tensor features = features("squeezenet1_1", weights, images);
      double[] expected = golden.get("squeezenet.pooled_f64").doubles();
      double[] actual = Tensors.doubles(features);
      for (int i = 0; i < actual.length; i++) {
        assertThat(actual[i]).isCloseTo(expected[i], within(1e-3));
      }
    }
  }

  @Test
  void cifarResNetWithRealWeights() throws Exception {
    Map<String, HostArray> golden =
        Safetensors.map(SHARED.resolve("plm/realweights/realweights.safetensors"));
    PretrainedWeights weights =
        pretrained("resnet20-cifar", "data/models/resnet-cifar10/resnet20.safetensors");
    double[] mean = {.485, .456, .406};
    double[] deviation = {.229, .224, .225};
    double[] raw = golden.get("raw_uint8_nhwc_rgb").doubles();
    float[] input = new float[raw.length];
    for (int n = 0; n < 8; n++) {
      for (int c = 0; c < 3; c++) {
        for (int pixel = 0; pixel < 1024; pixel++) {
          input[(n * 3 + c) * 1024 + pixel] =
              (float) ((raw[(n * 1024 + pixel) * 3 + c] / 255 - mean[c]) / deviation[c]);
        }
      }
    }
    try (TensorScope scope = new TensorScope()) {
      Tensor features = features("resnet20-cifar", weights, Tensors.of(input, 8, 3, 32, 32));
      compare(golden, "resnet20.pooled64_f64", features, 1e-4);
    }
  }

  private static PretrainedWeights pretrained(String kind, String file) throws Exception {
    return PretrainedWeights.read(
        SettingsLoader.parse("train.backbone = " + kind).train(),
        new long[] {3, 224, 224},
        java.nio.file.Files.readAllBytes(SHARED.resolve(file)),
        file);
  }

  private static Tensor features(String kind, PretrainedWeights weights, Tensor images) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    weights.tensors().forEach((name, array) -> tensors.put(name, array.tensor()));
    return Backbones.of(kind, weights.variant())
        .features(tensors::get, images, BatchNormalization.runningStatistics());
  }

  private static void compare(
      Map<String, HostArray> golden, String key, Tensor actual, double tolerance) {
    double[] expected = golden.get(key).doubles();
    double[] values = Tensors.doubles(actual);
    assertThat(values).as(key).hasSameSizeAs(expected);
    for (int i = 0; i < values.length; i++) {
      assertThat(values[i]).as(key).isCloseTo(expected[i], within(tolerance));
    }
  }
}
