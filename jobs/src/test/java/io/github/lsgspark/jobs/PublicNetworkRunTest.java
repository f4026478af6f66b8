package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Safetensors;
import io.github.lsgspark.tower.Tower;
import io.github.lsgspark.tower.TowerConfig;
import io.github.lsgspark.tower.Towers;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run with a directory as transformers publishes networks, by the defaults of everything else.
 */
@Tag("long-1")
class PublicNetworkRunTest {
  private static final String CONFIG =
      """
      { "model_type": "dinov3_vit", "hidden_size": 16, "intermediate_size": 32,
        "num_hidden_layers": 2, "num_attention_heads": 2, "num_register_tokens": 2,
        "image_size": 16, "patch_size": 4 }
      """;

  private static final String HOCON =
      """
      data {
        train = "drawn:novel", label-budget = "50%%"
        drawn { image-size = 16, novel-classes = 3, train-per-class = 8, test-per-class = 4 }
      }
      prompts { train = 2, heldout = 1 }
      embedding.encoder = lexical
      embedding.lexical { dimensions = 8, features = 512 }
      graph.edge-ratio = 0.5
      gcn { iterations = 3, evaluate-every = 3 }
      train { backbone = auto, weights = "%s", image-size = 16, iterations = 2, global-batch = 4
              precision = float32 }
      """;

  @TempDir Path folder;
  private Path model;

  @BeforeEach
  void makeModel() throws Exception {
    model = Files.createDirectory(folder.resolve("model"));
    Files.writeString(model.resolve("config.json"), CONFIG);
    Files.writeString(
        model.resolve("preprocessor_config.json"),
        "{\"size\": {\"height\": 16, \"width\": 16}, \"resample\": 2, \"image_mean\": [0.4, 0.4,"
            + " 0.4], \"image_std\": [0.3, 0.3, 0.3]}");
    try (Tower network =
            Towers.of(
                TowerConfig.parse(CONFIG.getBytes(StandardCharsets.UTF_8), "config.json"), 16, 16);
        OutputStream out = Files.newOutputStream(model.resolve("model.safetensors"))) {
      Map<String, HostArray> tensors = network.initialWeights(1);
      Safetensors.write(out, tensors, Map.of());
    }
  }

  @Test
  void featuresHeadTrialsTrainingAndServingTakeIt() throws Exception {
    String work = folder.resolve("w").toString();
    String hocon = HOCON.formatted(model);
    RunRecord record;
    try (SparkLauncher spark = new SparkLauncher("local[2]", Map.of());
        PipelineRun run = new PipelineRun(SettingsLoader.load(hocon, Map.of()), work, spark)) {
      record = run.execute(Goal.run(Stages.of(List.of())));
    }
    assertThat(record.head().stages()).containsKeys(Stages.HEAD, Stages.TRAIN, Stages.KEEP);
    Path train =
        Path.of(record.head().stages().get(Stages.TRAIN).path().replaceFirst("^file:", ""));
    JsonNode description = new ObjectMapper().readTree(train.resolve("model.json").toFile());
    assertThat(description.path("backbone").asText()).isEqualTo("auto");
    assertThat(description.at("/input/pixels/mean/0").asDouble()).isEqualTo(0.4);
    assertThat(description.at("/input/pixels/interpolation").asText()).isEqualTo("BILINEAR");
    assertThat(train.resolve("model.torchscript.pt")).exists();
    // What is trained has the names of the published file.
    assertThat(Safetensors.map(train.resolve("model.safetensors")))
        .containsKeys("embeddings.register_tokens", "layer.1.attention.q_proj.bias");
  }

  @Test
  void theModelsCommandSaysWhatADirectoryHolds() throws Exception {
    assertThat(models("check", model.toString()))
        .contains("dinov3: DINOv3 ViT", "made for 16 px", "missing    0", "unknown    0");
    assertThat(models("list"))
        .contains("squeezenet1_1", "dinov2", "siglip", "videomae           family   video");
    Files.writeString(
        model.resolve("config.json"), CONFIG.replace("\"hidden_size\": 16", "\"hidden_size\": 24"));
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    assertThat(execute(printed, "check", model.toString())).isEqualTo(3);
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("embeddings.cls_token is [1, 1, 16], not [1, 1, 24]");
  }

  private static String models(String... words) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    assertThat(execute(printed, words)).isZero();
    return printed.toString(StandardCharsets.UTF_8);
  }

  private static int execute(ByteArrayOutputStream printed, String... words) {
    PrintStream out = System.out;
    try {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      String[] all = new String[words.length + 1];
      all[0] = "models";
      System.arraycopy(words, 0, all, 1, words.length);
      return Lsg.execute(all);
    } finally {
      System.setOut(out);
    }
  }
}
