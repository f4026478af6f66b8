package io.github.lsgspark.tower;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** transformers' names and packing, held against the same network in timm's. */
@Tag("real-data")
class VitFamilyTest {
  private static final TowerConfig CONFIG =
      TowerConfig.parse(
          """
          { "model_type": "vit", "hidden_size": 32, "intermediate_size": 128,
            "num_hidden_layers": 2, "num_attention_heads": 2, "image_size": 24, "patch_size": 8,
            "layer_norm_eps": 1e-6 }
          """
              .getBytes(StandardCharsets.UTF_8),
          "config.json");

  private static final Map<String, String> NAMES =
      Map.of(
          "cls_token", "embeddings.cls_token",
          "pos_embed", "embeddings.position_embeddings",
          "patch_embed.proj.", "embeddings.patch_embeddings.projection.",
          "blocks.", "encoder.layer.",
          ".attn.proj.", ".attention.output.dense.",
          ".norm1.", ".layernorm_before.",
          ".norm2.", ".layernorm_after.",
          ".mlp.fc1.", ".intermediate.dense.",
          ".mlp.fc2.", ".output.dense.");

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  private static Map<String, Tensor> weights(GoldenTower timm) {
    Map<String, Tensor> all = new LinkedHashMap<>();
    timm.file.forEach(
        (name, array) -> {
          String own = name.startsWith("norm.") ? "layernorm." + name.substring(5) : name;
          for (Map.Entry<String, String> rename : NAMES.entrySet()) {
            own = own.replace(rename.getKey(), rename.getValue());
          }
          if (own.contains(".attn.qkv.")) {
            split(own, array, all);
          } else if (!own.startsWith("head.")) {
            all.put(own, array.tensor());
          }
        });
    return all;
  }

  private static void split(String name, HostArray array, Map<String, Tensor> all) {
    List<String> parts = List.of("query", "key", "value");
    for (int part = 0; part < 3; part++) {
      all.put(
          name.replace(".attn.qkv.", ".attention.attention." + parts.get(part) + "."),
          Ops.narrow(array.tensor(), 0, 32L * part, 32));
    }
  }

  @Test
  void theSameWeightsGiveTheSameOutputs() throws Exception {
    GoldenTower timm = GoldenTower.of("timm_vit");
    try (TensorScope scope = new TensorScope();
        Tower network = Towers.of(CONFIG, 24, 24)) {
      Map<String, Tensor> weights = weights(timm);
      assertThat(weights.keySet())
          .containsExactlyInAnyOrderElementsOf(network.parameterShapes().keySet());
      Map<String, Tensor> seen = timm.outputs(network, weights, timm.golden.get("input").tensor());
      timm.compare("embeddings", seen.get("embeddings"));
      timm.compare("block.0", seen.get("blocks.0"));
      timm.compare("block.1", seen.get("blocks.1"));
      timm.compare("pooled", seen.get("features"));
    }
    assertThat(Towers.family(CONFIG).name()).isEqualTo("vit");
  }
}
