package io.github.lsgspark.tower;

import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.TensorScope;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What public transformers compute, block by block, at their own and at other sizes. */
@Tag("real-data")
class TransformerGoldenTest {
  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dinov2_hf",
        "dinov2_swiglu_hf",
        "dinov2_registers_hf",
        "dinov3_vit_hf",
        "clip_hf",
        "siglip_hf",
        "timm_vit",
        "timm_vit_dinov2",
        "timm_vit_giant_dinov2_swiglu",
        "timm_vit_clip_quickgelu",
        "timm_vit_siglip",
        "timm_dinov3",
        "timm_eva02",
        "timm_pe_core"
      })
  void everyBlockAndGradientIsThatOfThePublicCode(String name) throws Exception {
    GoldenTower tower = GoldenTower.of(name);
    for (String size : tower.sizes()) {
      try (TensorScope scope = new TensorScope();
          Tower network = tower.network(size)) {
        Map<String, Tensor> weights = tower.weights(network, "");
        weights.values().forEach(tensor -> tensor.set_requires_grad(true));
        Tensor input = tower.golden.get(size + "input").tensor();
        Map<String, Tensor> seen = tower.outputs(network, weights, input);
        tower.compare(size + "embeddings", seen.get("embeddings"));
        for (int block = 0; seen.containsKey("blocks." + block); block++) {
          tower.compare(size + "block." + block, seen.get("blocks." + block));
        }
        Tensor features = seen.get("features");
        tower.compare(size + vector(tower, network), features);
        if (size.isEmpty()) {
          boolean projected = tower.pooled().equals("image_embeds");
          tower.compareGradients(network, seen.get(projected ? "features" : "pooled"), weights, "");
        }
      }
    }
  }

  /** timm's clip and pe towers end in what it keeps as a classifier. */
  private static String vector(GoldenTower tower, Tower network) {
    return network.parameterShapes().containsKey("head.weight") ? "logits" : tower.pooled();
  }
}
