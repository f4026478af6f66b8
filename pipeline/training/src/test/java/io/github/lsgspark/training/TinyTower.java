package io.github.lsgspark.training;

import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Safetensors;
import io.github.lsgspark.tower.Tower;
import io.github.lsgspark.tower.TowerConfig;
import io.github.lsgspark.tower.Towers;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A vision transformer of four small blocks with drawn weights, as transformers publishes one. */
final class TinyTower {
  static final int SIDE = 16;
  static final int DEPTH = 4;
  static final int WIDTH = 16;

  private static final String CONFIG =
      """
      { "model_type": "dinov2", "hidden_size": 16, "mlp_ratio": 2, "num_hidden_layers": 4,
        "num_attention_heads": 2, "image_size": 16, "patch_size": 4, "layer_norm_eps": 1e-6 }
      """;

  private TinyTower() {}

  static Tower network() {
    return Towers.of(
        TowerConfig.parse(CONFIG.getBytes(StandardCharsets.UTF_8), "config.json"), SIDE, SIDE);
  }

  /** The directory of a model. */
  static Path write(Path folder) {
    try (Tower network = network()) {
      Path model = Files.createDirectories(folder.resolve("tower"));
      Files.writeString(model.resolve("config.json"), CONFIG);
      try (OutputStream out = Files.newOutputStream(model.resolve("model.safetensors"))) {
        Map<String, HostArray> tensors = network.initialWeights(3);
        Safetensors.write(out, tensors, Map.of());
      }
      return model;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
