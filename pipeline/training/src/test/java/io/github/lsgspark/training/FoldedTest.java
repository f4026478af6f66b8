package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.NativeTorch;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Maps after the adapter and folded maps, in plain loops. */
class FoldedTest {
  private static final int D = 5;
  private static final int OUT = 3;

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  private static HostArray drawn(int seed, long... shape) {
    int size = 1;
    for (long side : shape) {
      size *= (int) side;
    }
    float[] values = new float[size];
    Random random = new Random(seed);
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return HostArray.of(values, shape);
  }

  private static double[] mapped(HostArray weight, HostArray bias, double[] x) {
    int rows = bias.floats().length;
    double[] y = new double[rows];
    for (int i = 0; i < rows; i++) {
      y[i] = bias.floats()[i];
      for (int j = 0; j < x.length; j++) {
        y[i] += weight.floats()[i * x.length + j] * x[j];
      }
    }
    return y;
  }

  @ParameterizedTest
  @ValueSource(strings = {"classifier", "projector", "projector.0"})
  void theFoldedMapDoesBoth(String map) {
    Map<String, HostArray> tensors = new LinkedHashMap<>();
    tensors.put("adapter.weight", drawn(1, D, D));
    tensors.put("adapter.bias", drawn(2, D));
    tensors.put(map + ".weight", drawn(3, OUT, D));
    tensors.put(map + ".bias", drawn(4, OUT));
    tensors.put("projector.3.weight", drawn(5, OUT, OUT));
    Map<String, HostArray> folded = Folded.tensors(tensors);
    assertThat(folded).containsOnlyKeys(map + ".weight", map + ".bias", "projector.3.weight");
    assertThat(folded.get("projector.3.weight")).isSameAs(tensors.get("projector.3.weight"));
    double[] x = new Random(6).doubles(D).toArray();
    double[] z = mapped(tensors.get("adapter.weight"), tensors.get("adapter.bias"), x);
    for (int i = 0; i < D; i++) {
      z[i] += x[i];
    }
    assertThat(mapped(folded.get(map + ".weight"), folded.get(map + ".bias"), x))
        .containsExactly(
            mapped(tensors.get(map + ".weight"), tensors.get(map + ".bias"), z), within(1e-5));
  }
}
