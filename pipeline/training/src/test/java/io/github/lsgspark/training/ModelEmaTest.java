package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.FlatParameters;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.ModeGuard;
import io.github.lsgspark.torch.Tensors;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ModelEmaTest {
  private static void load(FlatParameters parameters, float value) {
    parameters.load(Map.of("w", HostArray.of(new float[] {value}, 1)));
  }

  private static float present(FlatParameters parameters) {
    return Tensors.floats(parameters.values())[0];
  }

  @Test
  void itFollowsTheWeightsFasterAtFirst() {
    try (FlatParameters parameters =
        FlatParameters.allocate(
            Map.of("w", new long[] {1}), Set.of(), Dtype.FLOAT32, ComputeDevice.cpu())) {
      load(parameters, 10);
      try (ModelEma average = new ModelEma(parameters, 0.15)) {
        load(parameters, 20);
        average.updated(0);
        assertThat(Tensors.floats(average.values())[0]).isCloseTo(19, within(1e-5f));
        load(parameters, 30);
        average.updated(1);
        // 2/11 is more than the decay.
        assertThat(Tensors.floats(average.values())[0])
            .isCloseTo(0.15f * 19 + 0.85f * 30, within(1e-5f));
        try (ModeGuard used = average.inUse()) {
          assertThat(present(parameters)).isEqualTo(Tensors.floats(average.values())[0]);
        }
        assertThat(present(parameters)).isEqualTo(30);
      }
    }
  }
}
