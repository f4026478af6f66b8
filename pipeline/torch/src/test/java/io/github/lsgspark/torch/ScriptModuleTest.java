package io.github.lsgspark.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ScriptModuleTest {
  private static final String FORWARD =
      "def forward(self, x):\n"
          + "  return torch.linear(x, "
          + ScriptModule.reference("stage.0.weight")
          + ", "
          + ScriptModule.reference("stage.0.bias")
          + ") * self.factor\n";

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  private static ScriptModule module() {
    Map<String, HostArray> parameters = new LinkedHashMap<>();
    parameters.put("stage.0.weight", HostArray.of(new float[] {1, 2, 3, 4}, 2, 2));
    parameters.put("stage.0.bias", HostArray.of(new float[] {10, 20}, 2));
    Map<String, HostArray> buffers = Map.of("factor", HostArray.of(new float[] {2}, 1));
    return ScriptModule.define(parameters, buffers, Map.of(), FORWARD);
  }

  @Test
  void aSavedModuleHasNamesAndComputes() {
    byte[] archive;
    try (ScriptModule module = module()) {
      archive = module.save();
    }
    try (TensorScope scope = new TensorScope();
        ScriptModule opened = ScriptModule.load(archive, "file")) {
      assertThat(opened.parameterShapes().keySet())
          .containsExactly("stage.0.weight", "stage.0.bias");
      assertThat(opened.bufferShapes().get("factor")).containsExactly(1);
      assertThat(opened.tensors().get("stage.0.bias").floats()).containsExactly(10, 20);
      Tensor x = Tensors.of(new float[] {1, 1}, 1, 2);
      assertThat(Tensors.floats(opened.forward(x))).containsExactly(26, 54);
    }
  }

  @Test
  void gradientsLandInTheTensorsThatWereBound() {
    try (TensorScope scope = new TensorScope();
        ScriptModule module = module();
        FlatParameters flat =
            FlatParameters.allocate(
                module.parameterShapes(), Set.of(), Dtype.FLOAT32, ComputeDevice.cpu())) {
      flat.load(Map.of("stage.0.weight", HostArray.of(new float[] {1, 0, 0, 1}, 2, 2)));
      Tensor factor = Tensors.of(new float[] {3}, 1);
      Tensor x = Tensors.of(new float[] {5, 7}, 1, 2);
      for (int repeat = 1; repeat <= 4; repeat++) {
        module.bind(name -> name.equals("factor") ? factor : flat.parameter(name));
        Tensor y = module.forward(x);
        assertThat(Tensors.floats(y)).containsExactly(15, 21);
        Autograd.backward(Ops.sum(y));
        assertThat(Tensors.floats(flat.gradients()))
            .containsExactly(
                15 * repeat, 21 * repeat, 15 * repeat, 21 * repeat, 3 * repeat, 3 * repeat);
      }
    }
  }

  @Test
  void whatIsNoArchiveIsRefused() {
    assertThatThrownBy(
            () -> ScriptModule.load("no zip".getBytes(StandardCharsets.UTF_8), "weights.pt"))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
        .hasMessageContaining("weights.pt");
  }

  @Test
  void aFailureTellsItsReason() {
    try (TensorScope scope = new TensorScope();
        ScriptModule module = module()) {
      Tensor wrong = Tensors.of(new float[] {1, 1, 1}, 1, 3);
      assertThatThrownBy(() -> module.forward(wrong))
          .isInstanceOf(LsgException.class)
          .hasMessageContaining("shapes cannot be multiplied");
    }
  }
}
