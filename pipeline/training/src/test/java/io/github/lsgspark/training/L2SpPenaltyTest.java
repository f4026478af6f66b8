package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.FlatParameters;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Two parameters that the weights brought, one that they did not fill, and a classifier, with alpha
 * 0.1 and beta 0.01. They start at (1, 2), 3, 4, 5 and are now at (3, 1), 5, 4, 7.
 */
class L2SpPenaltyTest {
  private static final TrainSettings TRAIN =
      SettingsLoader.parse(
              """
              train {
                weights = "w", weight-decay = 0.5, momentum = 0, gradient-clip = 1
                head-multiplier = 1, transfer { methods = [l2-sp] }
              }
              """)
          .train();

  private static FlatParameters parameters() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put("conv.weight", new long[] {2});
    shapes.put("conv.bias", new long[] {1});
    shapes.put("bn.weight", new long[] {1});
    shapes.put(Network.CLASSIFIER + ".weight", new long[] {1});
    FlatParameters parameters =
        FlatParameters.allocate(shapes, Set.of(), Dtype.FLOAT32, ComputeDevice.cpu());
    load(parameters, 1, 2, 3, 4, 5);
    return parameters;
  }

  private static void load(FlatParameters parameters, float... values) {
    parameters.load(
        Map.of(
            "conv.weight",
            HostArray.of(new float[] {values[0], values[1]}, 2),
            "conv.bias",
            HostArray.of(new float[] {values[2]}, 1),
            "bn.weight",
            HostArray.of(new float[] {values[3]}, 1),
            Network.CLASSIFIER + ".weight",
            HostArray.of(new float[] {values[4]}, 1)));
  }

  private static L2SpPenalty start(FlatParameters parameters) {
    return new L2SpPenalty(TRAIN.transfer().l2Sp(), parameters, List.of("conv.bias"));
  }

  /** 0.05 (2² + 1² + 0²) + 0.005 (5² + 7²) = 0.62; the gradient is its derivative. */
  @Test
  void penaltyAndGradientAreThoseWorkedOutByHand() {
    try (FlatParameters parameters = parameters();
        L2SpPenalty start = start(parameters)) {
      assertThat(start.value()).as("at the start").isCloseTo(0.005 * (9 + 25), within(1e-7));
      load(parameters, 3, 1, 5, 4, 7);
      assertThat(start.value()).isCloseTo(0.62, within(1e-6));
      Tensors.fill(parameters.gradients(), 1);
      start.addGradient();
      assertThat(Tensors.floats(parameters.gradients()))
          .containsExactly(new float[] {1.2f, 0.9f, 1.05f, 1, 1.07f}, within(1e-6f));
    }
  }

  /** The gradient (3, 0, 4, 0, 0) is clipped to length 1 before the penalty's comes to it. */
  @Test
  void theStepTakesItInPlaceOfWeightDecayAndAfterClipping() {
    try (FlatParameters parameters = parameters();
        L2SpPenalty start = start(parameters);
        SgdNesterov optimizer =
            new SgdNesterov(SgdNesterov.Rates.of(TRAIN, LayerRates.none()), parameters, start)) {
      load(parameters, 3, 1, 5, 4, 7);
      Tensors.fill(parameters.gradients(), new float[] {3, 0, 4, 0, 0});
      optimizer.step(1);
      assertThat(Tensors.floats(parameters.values()))
          .containsExactly(
              new float[] {3 - 0.6f - 0.2f, 1 + 0.1f, 5 - 0.8f - 0.05f, 4, 7 - 0.07f},
              within(1e-6f));
    }
  }
}
