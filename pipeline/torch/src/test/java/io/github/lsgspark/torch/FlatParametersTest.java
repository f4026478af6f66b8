package io.github.lsgspark.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class FlatParametersTest {
  private static Map<String, long[]> shapes() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put("frozen", new long[] {2});
    shapes.put("weight", new long[] {2, 2});
    return shapes;
  }

  @Test
  void gradientsOfAllParametersAccumulateInOneFlatTensor() {
    NativeTorch.load();
    try (TensorScope scope = new TensorScope();
        FlatParameters parameters =
            FlatParameters.allocate(
                shapes(), Set.of("frozen"), Dtype.FLOAT32, ComputeDevice.cpu())) {
      parameters.load(
          Map.of(
              "frozen", HostArray.of(new float[] {1, 2}, 2),
              "weight", HostArray.of(new float[] {1, 2, 3, 4}, 2, 2)));
      for (int repeat = 1; repeat <= 2; repeat++) {
        Tensor x = Tensors.of(new float[] {1, 10}, 1, 2);
        Autograd.backward(Ops.sum(Ops.matmul(x, parameters.parameter("weight"))));
        float r = repeat;
        assertThat(Tensors.floats(parameters.gradients()))
            .containsExactly(0, 0, r, r, 10 * r, 10 * r);
      }
      parameters.zeroGradients();
      assertThat(Tensors.floats(parameters.gradients())).containsOnly(0f);
      assertThat(Tensors.floats(parameters.values())).containsExactly(1, 2, 1, 2, 3, 4);
    }
  }

  @Test
  void kernelsWithChannelsInnermostKeepTheirValues() {
    NativeTorch.load();
    Map<String, long[]> kernels = new LinkedHashMap<>();
    kernels.put("flat", new long[] {2, 3, 2, 2});
    kernels.put("deep", new long[] {2, 3, 2, 2, 2});
    float[] values = new float[48];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    try (TensorScope scope = new TensorScope();
        FlatParameters parameters =
            FlatParameters.allocateChannelsLast(
                kernels, Set.of(), Dtype.FLOAT32, ComputeDevice.cpu())) {
      parameters.load(
          Map.of(
              "flat", HostArray.of(Arrays.copyOf(values, 24), 2, 3, 2, 2),
              "deep", HostArray.of(values, 2, 3, 2, 2, 2)));
      Tensor deep = parameters.parameter("deep");
      assertThat(Tensors.floats(deep)).isEqualTo(values);
      assertThat(deep.stride(1)).isEqualTo(1);
      assertThat(parameters.parameter("flat").stride(1)).isEqualTo(1);
      assertThat(parameters.export().get("deep").floats()).isEqualTo(values);
    }
  }

  @Test
  void aMisshapenTensorIsNamed() {
    try (FlatParameters parameters =
        FlatParameters.allocate(shapes(), Set.of(), Dtype.FLOAT32, ComputeDevice.cpu())) {
      assertThatThrownBy(() -> parameters.load(Map.of("weight", HostArray.of(new float[4], 4))))
          .isInstanceOf(LsgException.class)
          .hasMessageContaining("weight")
          .hasMessageContaining("[4]")
          .hasMessageContaining("[2, 2]");
    }
  }

  @Test
  void safetensorsRoundTrip() throws Exception {
    Map<String, HostArray> arrays = new LinkedHashMap<>();
    arrays.put("b", HostArray.of(new float[] {1.5f, -2}, 2));
    arrays.put("a", HostArray.of(new double[] {Math.PI}, 1, 1));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Safetensors.write(out, arrays, Map.of("format", "pt"));
    assertThat(Safetensors.read(out.toByteArray(), "memory")).containsExactlyEntriesOf(arrays);
    assertThatThrownBy(() -> Safetensors.read(new byte[] {1, 2, 3}, "short.safetensors"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("short.safetensors");
  }

  @Test
  void sparseTimesDenseByGathering() {
    NativeTorch.load();
    try (TensorScope scope = new TensorScope()) {
      Tensor table = Tensors.of(new double[] {1, 2, 3, 4, 5, 6}, 3, 2);
      Tensor columns = Tensors.of(new long[] {0, 2, 1}, 3);
      Tensor offsets = Tensors.of(new long[] {0, 2, 2, 3}, 4);
      Tensor weights = Tensors.of(new double[] {10, 1, -1}, 3);
      assertThat(Tensors.doubles(RowOps.weightedGatherSum(table, columns, offsets, weights)))
          .containsExactly(15, 26, 0, 0, -3, -4);
    }
  }
}
