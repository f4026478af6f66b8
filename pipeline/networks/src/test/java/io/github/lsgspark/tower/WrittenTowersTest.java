package io.github.lsgspark.tower;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.backbone.ScriptLayers;
import io.github.lsgspark.onnx.OnnxAnswers;
import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.ModeGuard;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.ScriptModule;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Public networks written down as TorchScript and as ONNX compute what they compute here. */
@Tag("real-data")
class WrittenTowersTest {
  private static final double TOLERANCE = 1e-5;

  /** ONNX Runtime adds in another order. */
  private static final double OTHER_RUNTIME = 2e-5;

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  @ParameterizedTest
  @MethodSource("io.github.lsgspark.tower.GoldenTower#ofImagesAndSounds")
  void whatIsWrittenComputesWhatTheNetworkDoes(String name, String prefix) throws Exception {
    GoldenTower tower = GoldenTower.of(name);
    for (String size : tower.sizes()) {
      try (TensorScope scope = new TensorScope();
          ModeGuard guard = Autograd.noGrad();
          Tower network = tower.network(size)) {
        Map<String, Tensor> weights = tower.weights(network, prefix);
        Tensor input = tower.input(size);
        compare(tower, size, network, weights, input);
      }
    }
  }

  @Test
  void paddingIsNotHeardThereEither() throws Exception {
    GoldenTower tower = GoldenTower.of("wav2vec2_layer_hf");
    try (TensorScope scope = new TensorScope();
        ModeGuard guard = Autograd.noGrad();
        Tower network = tower.network("")) {
      Map<String, Tensor> weights = tower.weights(network, "");
      Tensor clips = tower.golden.get("batch.features").tensor().unsqueeze(1).unsqueeze(1);
      double[] expected = tower.golden.get("batch.masked_mean").doubles();
      tower.compare("batch.script", served(network, weights, clips), expected, TOLERANCE);
      double[] onnx = OnnxAnswers.features(network, weights, clips);
      tower.compare("batch.onnx", onnx, expected, OTHER_RUNTIME);
    }
  }

  @ParameterizedTest
  @MethodSource("io.github.lsgspark.tower.GoldenTower#ofClips")
  void whatIsWrittenOfClipsDoes(String name, String prefix) throws Exception {
    GoldenTower tower = GoldenTower.of("towers-av", name);
    for (String size : List.of("", "alt2.")) {
      if (!tower.golden.containsKey(size + "pixel_values")) {
        continue;
      }
      try (TensorScope scope = new TensorScope();
          ModeGuard guard = Autograd.noGrad();
          Tower network = ClipGoldenTest.network(tower, size)) {
        Map<String, Tensor> weights = tower.weights(network, prefix);
        Tensor input = ClipGoldenTest.clips(tower, size);
        compare(tower, size, network, weights, input);
      }
    }
  }

  private static void compare(
      GoldenTower tower, String size, Tower network, Map<String, Tensor> weights, Tensor input)
      throws Exception {
    double[] expected = Tensors.doubles(tower.outputs(network, weights, input).get("features"));
    tower.compare(size + "script", served(network, weights, input), expected, TOLERANCE);
    double[] onnx = OnnxAnswers.features(network, weights, input);
    tower.compare(size + "onnx", onnx, expected, OTHER_RUNTIME);
  }

  /** As a served model carries it: what is not learned lies in it as buffers. */
  private static double[] served(Tower network, Map<String, Tensor> weights, Tensor input) {
    ScriptLayers layers = new ScriptLayers();
    String forward = layers.forward(network.features(layers, ScriptLayers.IMAGES));
    Map<String, HostArray> parameters = arrays(network.parameterShapes(), weights);
    Map<String, HostArray> buffers = arrays(network.bufferShapes(), weights);
    buffers.putAll(layers.constants());
    try (ScriptModule module =
        ScriptModule.define(parameters, buffers, layers.modules(), forward)) {
      module.bind(tensor -> buffers.getOrDefault(tensor, parameters.get(tensor)).tensor());
      module.train(false);
      byte[] archive = module.save();
      assertThat(archive).isNotEmpty();
      try (ScriptModule opened = ScriptModule.load(archive, "archive")) {
        return Tensors.doubles(opened.forward(input));
      }
    }
  }

  private static Map<String, HostArray> arrays(
      Map<String, long[]> shapes, Map<String, Tensor> weights) {
    Map<String, HostArray> arrays = new LinkedHashMap<>();
    shapes.forEach(
        (name, shape) -> arrays.put(name, HostArray.of(Tensors.floats(weights.get(name)), shape)));
    return arrays;
  }
}
