package io.github.lsgspark.gcn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.HostArray;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Files given as gcn.init. */
class GcnWeightsTest {
  private static final HostArray SECOND = HostArray.of(new float[6], 2, 3);

  private static void assertRefused(Map<String, HostArray> arrays, String message) {
    assertThatThrownBy(() -> GcnWeights.of(arrays, 2, 3, "init.safetensors"))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
        .hasMessageContainingAll("init.safetensors: ", message);
  }

  @Test
  void prefixesOfWrappersDoNotCount() {
    HostArray first = HostArray.of(new float[] {1, 2, 3, 4}, 2, 2);
    GcnWeights weights =
        GcnWeights.of(
            Map.of("module.gc1.weight", first, "module.gc2.weight", SECOND), 2, 3, "init");
    assertThat(weights).isEqualTo(new GcnWeights(first, SECOND));
  }

  @Test
  void whatIsNotSoundIsNamed() {
    assertRefused(Map.of("gc2.weight", SECOND), "has no tensor gc1.weight");
    assertRefused(
        Map.of("gc1.weight", HostArray.of(new float[9], 3, 3), "gc2.weight", SECOND),
        "tensor gc1.weight has shape [3, 3], but the graph needs [2, 2]");
    assertRefused(
        Map.of(
            "gc1.weight",
            HostArray.of(new float[] {0, Float.NEGATIVE_INFINITY, 0, 0}, 2, 2),
            "gc2.weight",
            SECOND),
        "tensor gc1.weight[2, 2] holds a value that is no finite number (-Infinity at element 1)");
  }
}
