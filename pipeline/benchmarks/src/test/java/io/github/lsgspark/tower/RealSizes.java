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
          "videomae-b",
          """
          { "model_type": "videomae", "architectures": ["VideoMAEForVideoClassification"] }
          """,
          "ast-b",
          """
          { "model_type": "audio-spectrogram-transformer" }
          """,
          "convnext-t",
          """
          { "model_type": "convnext", "hidden_sizes": [96, 192, 384, 768], "depths": [3, 3, 9, 3],
            "num_stages": 4, "patch_size": 4, "image_size": 224 }
          """);

  private RealSizes() {}

  /** The shape of a view: of clips and sounds as published, of images square. */
  static long[] input(String name, int side) {
    return switch (name) {
      case "videomae-b" -> new long[] {3, 16, side, side};
      case "ast-b" -> new long[] {1, 128, 1024};
      default -> new long[] {3, side, side};
    };
  }

  /** A network for views of a shape. */
  static Tower of(String name, long[] input) {
    byte[] config = CONFIGS.get(name).getBytes(StandardCharsets.UTF_8);
    return Towers.of(TowerConfig.parse(config, name), input);
  }

  /** A network for square images. */
  public static Tower of(String name, int side) {
    byte[] config = CONFIGS.get(name).getBytes(StandardCharsets.UTF_8);
    return Towers.of(TowerConfig.parse(config, name), side, side);
  }
}
