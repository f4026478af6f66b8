package io.github.lsgspark.tower;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Networks of the sizes that are published, by a short name; weights are drawn. */
public final class RealSizes {
  private static final Map<String, String> CONFIGS =
      Map.of(
          "vit-b14",
          """
          { "model_type": "dinov2", "hidden_size": 768, "mlp_ratio": 4, "num_hidden_layers": 12,
            "num_attention_heads": 12, "image_size": 518, "patch_size": 14 }
          """,
          "vit-l14",
          """
          { "model_type": "dinov2", "hidden_size": 1024, "mlp_ratio": 4, "num_hidden_layers": 24,
            "num_attention_heads": 16, "image_size": 518, "patch_size": 14 }
          """,
          "so400m-14",
          """
          { "model_type": "siglip_vision_model", "hidden_size": 1152, "intermediate_size": 4304,
            "num_hidden_layers": 27, "num_attention_heads": 16, "image_size": 384,
            "patch_size": 14 }
          """,
          "convnext-t",
          """
          { "model_type": "convnext", "hidden_sizes": [96, 192, 384, 768], "depths": [3, 3, 9, 3],
            "num_stages": 4, "patch_size": 4, "image_size": 224 }
          """);

  private RealSizes() {}

  /** A network for square images. */
  public static Tower of(String name, int side) {
    byte[] config = CONFIGS.get(name).getBytes(StandardCharsets.UTF_8);
    return Towers.of(TowerConfig.parse(config, name), side, side);
  }
}
