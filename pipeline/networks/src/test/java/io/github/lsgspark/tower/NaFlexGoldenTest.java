package io.github.lsgspark.tower;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.torch.ArrayOps;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.Arrays;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * SigLIP 2 NaFlex, whose golden has two images of different shapes in one batch, padded: each image
 * by itself, without padding, has the same outputs.
 */
@Tag("real-data")
class NaFlexGoldenTest {
  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void everyBlockIsThatOfThePublicCode(int number) throws Exception {
    GoldenTower tower = GoldenTower.of("siglip2_naflex_hf");
    HostArray image = tower.golden.get("image" + number + "_hwc");
    int height = (int) image.shape()[0];
    int width = (int) image.shape()[1];
    try (TensorScope scope = new TensorScope();
        Tower network = Towers.of(tower.config, height, width)) {
      Map<String, Tensor> weights = tower.weights(network, "");
      Tensor input =
          ArrayOps.reshape(ArrayOps.permute(image.tensor(), 2, 0, 1), 1, 3, height, width);
      Map<String, Tensor> seen = tower.outputs(network, weights, input);
      int places = height / 8 * (width / 8);
      for (String key : new String[] {"embeddings", "block.0", "block.1"}) {
        Tensor actual = seen.get(key.replace("block.", "blocks."));
        assertThat(actual.size(1)).isEqualTo(places);
        double[] all = tower.golden.get(key).doubles();
        int row = all.length / 2;
        double[] own =
            Arrays.copyOfRange(all, number * row, number * row + places * (int) actual.size(2));
        tower.compare(key, Tensors.doubles(actual), own, 1e-5);
      }
      double[] pooled = tower.golden.get("pooler_output").doubles();
      int length = pooled.length / 2;
      tower.compare(
          "pooler_output",
          Tensors.doubles(seen.get("features")),
          Arrays.copyOfRange(pooled, number * length, (number + 1) * length),
          1e-5);
    }
  }

  /** Of both images together, as the golden's batch has them. */
  @Test
  void theGradientOfPatchesIsThatOfThePublicCode() throws Exception {
    GoldenTower tower = GoldenTower.of("siglip2_naflex_hf");
    String name = "vision_model.embeddings.patch_embedding.weight";
    Tensor probe = tower.golden.get("grad_probe").tensor();
    try (TensorScope scope = new TensorScope()) {
      Tensor weight = tower.file.get(name).tensor().set_requires_grad(true);
      for (int number = 0; number < 2; number++) {
        HostArray image = tower.golden.get("image" + number + "_hwc");
        int height = (int) image.shape()[0];
        int width = (int) image.shape()[1];
        try (Tower network = Towers.of(tower.config, height, width)) {
          Map<String, Tensor> weights = tower.weights(network, "");
          weights.put(name, weight);
          Tensor input =
              ArrayOps.reshape(ArrayOps.permute(image.tensor(), 2, 0, 1), 1, 3, height, width);
          Tensor pooled = tower.outputs(network, weights, input).get("features");
          Ops.sum(Ops.mul(pooled, probe.narrow(0, number, 1))).backward();
        }
      }
      tower.compareGradient("grad." + name, weight.grad());
    }
  }
}
