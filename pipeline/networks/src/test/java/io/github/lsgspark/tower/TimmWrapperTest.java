package io.github.lsgspark.tower;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.Safetensors;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * timm's networks as transformers writes them: one model_type, and a prefix before timm's names.
 */
class TimmWrapperTest {
  private static final String CONFIG =
      """
      { "model_type": "timm_wrapper", "architectures": ["TimmWrapperForImageClassification"],
        "architecture": "vit_tiny_patch16_224.augreg_in21k", "num_classes": 3,
        "model_args": { "embed_dim": 16, "depth": 1, "num_heads": 2 },
        "pretrained_cfg": { "input_size": [3, 32, 32], "fixed_input_size": true, "mean": [0.5, 0.5, 0.5],
          "std": [0.5, 0.5, 0.5], "interpolation": "bicubic", "crop_pct": 0.9 } }
      """;

  @TempDir Path folder;

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  @Test
  void isReadAsTimms() throws Exception {
    Files.writeString(folder.resolve("config.json"), CONFIG);
    TowerConfig config = TowerConfig.parse(CONFIG.getBytes(StandardCharsets.UTF_8), "config.json");
    Map<String, HostArray> tensors;
    try (Tower network = Towers.of(config, 32, 32)) {
      tensors = network.initialWeights(1);
    }
    Map<String, HostArray> written = new LinkedHashMap<>();
    tensors.forEach((name, array) -> written.put("timm_model." + name, array));
    written.put("timm_model.head.weight", HostArray.of(new float[48], 3, 16));
    written.put("timm_model.head.bias", HostArray.of(new float[3], 3));
    try (OutputStream out = Files.newOutputStream(folder.resolve("model.safetensors"))) {
      Safetensors.write(out, written, Map.of());
    }
    HadoopFiles files = new HadoopFiles(new Configuration());
    TowerReport report = TowerReport.of(TowerDirectory.open(files, folder.toString()));
    assertThat(String.join("\n", report.lines()))
        .contains("vit-timm", "vit_tiny_patch16_224, made for 32 px", "left       2");
    assertThat(report.isWhole()).isTrue();
    assertThat(Safetensors.read(TowerDirectory.content(files, folder.toString()), "content"))
        .containsAllEntriesOf(tensors);
  }
}
