package io.github.lsgspark.tower;

import io.github.lsgspark.onnx.OnnxAnswers;
import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.ModeGuard;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Public networks written down as ONNX compute, by ONNX Runtime, what they compute here. */
@Tag("real-data")
class OnnxTowersTest {
  private static final double TOLERANCE = 2e-5;

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  @ParameterizedTest
  @MethodSource("io.github.lsgspark.tower.GoldenTower#ofImagesAndSounds")
  void theFileComputesWhatTheNetworkDoes(String name, String prefix) throws Exception {
    GoldenTower tower = GoldenTower.of(name);
    for (String size : tower.sizes()) {
      try (TensorScope scope = new TensorScope();
          ModeGuard guard = Autograd.noGrad();
          Tower network = tower.network(size)) {
        compare(tower, size, network, tower.weights(network, prefix), tower.input(size));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.github.lsgspark.tower.GoldenTower#ofClips")
  void theFileOfClipsComputesWhatTheNetworkDoes(String name, String prefix) throws Exception {
    GoldenTower tower = GoldenTower.of("towers-av", name);
    for (String size : List.of("", "alt2.")) {
      if (!tower.golden.containsKey(size + "pixel_values")) {
        continue;
      }
      try (TensorScope scope = new TensorScope();
          ModeGuard guard = Autograd.noGrad();
          Tower network = ClipGoldenTest.network(tower, size)) {
        compare(
            tower,
            size,
            network,
            tower.weights(network, prefix),
            ClipGoldenTest.clips(tower, size));
      }
    }
  }

  private static void compare(
      GoldenTower tower, String size, Tower network, Map<String, Tensor> weights, Tensor input)
      throws Exception {
    double[] expected = Tensors.doubles(tower.outputs(network, weights, input).get("features"));
    tower.compare(
        size + "onnx", OnnxAnswers.features(network, weights, input), expected, TOLERANCE);
  }
}
