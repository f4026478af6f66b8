package io.github.lsgspark.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.Safetensors;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks that see spectrograms. */
class AudioBackbonesTest {
  private static final long[] VIEW = {1, 64, 112};

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  private static JsonNode golden(String name) throws Exception {
    return new ObjectMapper()
        .readTree(AudioBackbonesTest.class.getResource("/audio/networks.json"))
        .path(name);
  }

  private static Backbone network(String name, long[] view) {
    return switch (name) {
      case "cnn14" -> AudioCnn.cnn14(view);
      case "cnn14-small" -> AudioCnn.small(view);
      default -> new AudioTransformer(192, 2, view);
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"cnn14", "cnn14-small", "ast"})
  void featuresAreThoseOfPyTorch(String name) throws Exception {
    JsonNode meta = golden(name);
    JsonNode input = meta.path("input");
    Backbone network =
        network(name, new long[] {1, input.path(2).asLong(), input.path(3).asLong()});
    Map<String, HostArray> arrays = FormulaWeights.of(meta);
    assertThat(network.parameterShapes().keySet())
        .containsExactlyInAnyOrderElementsOf(
            arrays.keySet().stream().filter(key -> !key.contains("running_")).toList());
    try (TensorScope scope = new TensorScope()) {
      Map<String, Tensor> weights = new LinkedHashMap<>();
      arrays.forEach((key, array) -> weights.put(key, Tensors.to(array.tensor(), Dtype.FLOAT64)));
      Tensor images = Tensors.to(FormulaWeights.image(input), Dtype.FLOAT64);
      double[] features =
          Tensors.doubles(
              network.features(weights::get, images, BatchNormalization.runningStatistics()));
      JsonNode expected = meta.path("features");
      for (int i = 0; i < expected.size(); i++) {
        assertThat(features[i * meta.path("step").asInt()])
            .as("%s, value %d", name, i)
            .isCloseTo(expected.path(i).asDouble(), within(1e-7));
      }
    }
  }

  /** As published, less the classifiers. */
  @ParameterizedTest
  @CsvSource({"cnn14, 64, 79673792, 2048", "ast-base, 128, 86187264, 768"})
  void parameterCounts(String kind, long bands, long count, int features) {
    Backbone network = Backbones.of(kind, "", new long[] {1, bands, 1024});
    assertThat(network.featureDimension()).isEqualTo(features);
    assertThat(
            network.parameterShapes().values().stream()
                .mapToLong(shape -> Arrays.stream(shape).reduce(1, (a, b) -> a * b))
                .sum())
        .isEqualTo(count);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cnn14", "cnn14-small", "ast-tiny"})
  void everyParameterBelongsToOneLayer(String kind) {
    Backbone network = Backbones.of(kind, "", VIEW);
    for (String parameter : network.parameterShapes().keySet()) {
      assertThat(network.layers().stream().filter(layer -> layer.owns(parameter)))
          .as(parameter)
          .hasSize(1);
    }
  }

  /** One channel is as good as three that are equal. */
  @ParameterizedTest
  @ValueSource(strings = {"resnet18", "small-cnn", "squeezenet1_1", "resnet20-cifar", "vit-tiny"})
  void imageNetworksSeeSpectrograms(String name) {
    Backbone network = Backbones.of(name, "", VIEW);
    Backbone plain = Backbones.of(name, "", new long[] {3, 64, 112});
    assertThat(network.parameterShapes().keySet()).isEqualTo(plain.parameterShapes().keySet());
    try (TensorScope scope = new TensorScope()) {
      Map<String, Tensor> weights = new LinkedHashMap<>();
      network.initialWeights(3).forEach((key, array) -> weights.put(key, array.tensor()));
      float[] values = new float[2 * 64 * 112];
      float[] three = new float[3 * values.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) Math.sin(0.37 * i + i / 7168);
        for (int channel = 0; channel < 3; channel++) {
          three[(i / 7168 * 3 + channel) * 7168 + i % 7168] = values[i];
        }
      }
      BatchNormalization statistics = BatchNormalization.runningStatistics();
      Tensor seen = network.features(weights::get, Tensors.of(values, 2, 1, 64, 112), statistics);
      Tensor same = plain.features(weights::get, Tensors.of(three, 2, 3, 64, 112), statistics);
      assertThat(Tensors.shape(seen)).containsExactly(2, network.featureDimension());
      assertThat(Tensors.floats(seen)).containsExactly(Tensors.floats(same));
    }
  }

  private static byte[] file(Map<String, HostArray> arrays) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Safetensors.write(out, arrays, Map.of());
    return out.toByteArray();
  }

  private static PretrainedWeights read(String backbone, byte[] file, long... view) {
    TrainSettings train =
        SettingsLoader.parse("data.modality = audio, train.backbone = " + backbone).train();
    return PretrainedWeights.read(train, view, file, "file");
  }

  /** PANNs' files hold a front end and a classifier besides. */
  @Test
  void aPublishedCnn14IsRead() throws Exception {
    Map<String, HostArray> arrays = new LinkedHashMap<>(AudioCnn.small(VIEW).initialWeights(1));
    arrays.put("bn0.num_batches_tracked", HostArray.of(new float[] {1}, 1));
    arrays.put("fc_audioset.weight", HostArray.of(new float[4], 2, 2));
    arrays.put("spectrogram_extractor.stft.conv_real.weight", HostArray.of(new float[4], 2, 2));
    arrays.put("logmel_extractor.melW", HostArray.of(new float[4], 2, 2));
    PretrainedWeights weights = read("cnn14-small", file(arrays), VIEW);
    assertThat(weights.unfilled()).isEmpty();
    assertThat(weights.leftOut()).isEmpty();
    assertThatThrownBy(() -> read("cnn14-small", file(arrays), 1, 128, 112))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("bn0.weight has shape [64], but [128] is needed");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aPublishedAstIsReadForOtherLengths(boolean prefixed) throws Exception {
    Map<String, HostArray> arrays = new LinkedHashMap<>();
    new AudioTransformer(192, 12, new long[] {1, 128, 64})
        .initialWeights(1)
        .forEach(
            (name, array) ->
                arrays.put(
                    prefixed ? name : name.replace("audio_spectrogram_transformer.", ""), array));
    arrays.put("classifier.dense.weight", HostArray.of(new float[4], 2, 2));
    for (long frames : new long[] {46, 64, 100}) {
      PretrainedWeights weights = read("ast-tiny", file(arrays), 1, 128, frames);
      assertThat(weights.unfilled()).isEmpty();
      assertThat(weights.leftOut()).isEmpty();
    }
  }

  /** By torch.nn.functional.interpolate (bilinear), and by cutting, as AST's authors do. */
  @Test
  void positionsAreCutOrInterpolated() {
    float[] values = new float[(2 + 60) * 2];
    for (int i = 4; i < values.length; i++) {
      values[i] = (float) Math.sin(i - 4);
    }
    HostArray positions = HostArray.of(values, 1, 62, 2);
    requireRow(
        SpectrogramPositions.fitted(positions, 12, 8),
        3,
        8,
        -0.9880316240928618,
        -0.3145186155089952,
        0.5500301815465864,
        0.5360651845955446,
        0.05381345500654274,
        -0.8967250072204196,
        -0.2671959228573339,
        0.2963685787093853);
    requireRow(
        SpectrogramPositions.fitted(positions, 12, 3),
        3,
        3,
        0.5514266812416906,
        0.5290826861200238,
        -0.9917788534431158);
    requireRow(
        SpectrogramPositions.fitted(positions, 15, 8),
        7,
        8,
        -0.2835927374030727,
        -0.10539190642238971,
        0.127279388131691,
        0.16283879249228844,
        0.03853425319507889,
        -0.24563422975993768,
        -0.09319407456934183,
        0.04747248369762293);
  }

  private static void requireRow(HostArray fitted, int row, int columns, double... expected) {
    float[] values = fitted.floats();
    assertThat(expected).hasSize(columns);
    for (int x = 0; x < columns; x++) {
      assertThat((double) values[(2 + row * columns + x) * 2]).isCloseTo(expected[x], within(1e-6));
    }
  }

  @Test
  void viewsThatANetworkCannotSeeAreWrongUsage() {
    refused("vit-tiny", "multiples of 16", 1, 64, 501);
    refused("cnn14", "at least 32 bands", 1, 16, 501);
    refused("ast-tiny", "at least 16 bands", 1, 64, 12);
    refused("cnn14", "is for data.modality = audio, but that was: image", 3, 224, 224);
    assertThatThrownBy(() -> SettingsLoader.parse("train.backbone = cnn14-small"))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.USAGE))
        .hasMessageContaining("train.backbone = cnn14-small is for data.modality = audio");
  }

  private static void refused(String backbone, String message, long... view) {
    String name =
        SettingsLoader.parse("data.modality = audio, train.backbone = " + backbone)
            .train()
            .backbone();
    assertThatThrownBy(() -> Backbones.of(name, "", view))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.USAGE))
        .hasMessageContaining(message);
  }
}
