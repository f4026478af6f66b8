package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.torch.Safetensors;
import io.github.lsgspark.tower.Tower;
import io.github.lsgspark.tower.TowerConfig;
import io.github.lsgspark.tower.Towers;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs on clips with directories as transformers publishes networks. */
@Tag("long-1")
class PublicVideoNetworkRunTest {
  private static final String VIDEO_MAE =
      """
      { "model_type": "videomae", "architectures": ["VideoMAEForVideoClassification"],
        "hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2,
        "num_attention_heads": 2, "image_size": 16, "patch_size": 8, "num_frames": 4 }
      """;

  private static final String PREPROCESSING =
      """
      { "image_processor_type": "VideoMAEImageProcessor", "size": { "shortest_edge": 20 },
        "crop_size": { "height": 16, "width": 16 }, "do_center_crop": true, "resample": 2,
        "image_mean": [0.4, 0.4, 0.4], "image_std": [0.3, 0.3, 0.3] }
      """;

  private static final String HOCON =
      """
      data {
        modality = video, train = "drawn:novel", label-budget = "50%%"
        drawn { image-size = 24, novel-classes = 3, train-per-class = 8, test-per-class = 4
                seconds = 1.0 }
      }
      video { sampling = uniform, frame-rate = 10, clips = 2 }
      prompts { train = 2, heldout = 1 }
      embedding.encoder = lexical
      embedding.lexical { dimensions = 8, features = 512 }
      graph.edge-ratio = 0.5
      gcn { iterations = 3, evaluate-every = 3 }
      train { backbone = auto, weights = "%s", iterations = 2, global-batch = 4
              precision = float32 }
      """;

  @TempDir Path folder;
  private Path model;

  @BeforeEach
  void makeModel() throws Exception {
    model = Files.createDirectory(folder.resolve("model"));
    Files.writeString(model.resolve("config.json"), VIDEO_MAE);
    Files.writeString(model.resolve("preprocessor_config.json"), PREPROCESSING);
    try (Tower network =
            Towers.of(
                TowerConfig.parse(VIDEO_MAE.getBytes(StandardCharsets.UTF_8), "config.json"),
                new long[] {3, 4, 16, 16});
        OutputStream out = Files.newOutputStream(model.resolve("model.safetensors"))) {
      Safetensors.write(out, network.initialWeights(1), Map.of());
    }
  }

  private RunRecord run(Path weights, String more) throws Exception {
    String hocon = HOCON.formatted(weights) + more;
    try (SparkLauncher spark = new SparkLauncher("local[2]", Map.of());
        PipelineRun run =
            new PipelineRun(
                SettingsLoader.load(hocon, Map.of()), folder.resolve("w").toString(), spark)) {
      Goal goal = Goal.run(Stages.of(List.of()));
      run.check(goal);
      return run.execute(goal);
    }
  }

  private static Path output(RunRecord record, Stage stage) {
    return Path.of(record.head().stages().get(stage).path().replaceFirst("^file:", ""));
  }

  private static JsonNode json(Path file) throws Exception {
    return new ObjectMapper().readTree(file.toFile());
  }

  /** The configuration says neither frames nor sizes: the directory does. */
  @Test
  void featuresHeadTrialsTrainingAndServingTakeTheClipsOfTheDirectory() throws Exception {
    RunRecord record = run(model, "");
    assertThat(record.head().stages()).containsKeys(Stages.HEAD, Stages.TRAIN, Stages.KEEP);
    JsonNode facts = json(output(record, Stages.FEATURES).resolve("features.json"));
    assertThat(facts.at("/input/video/frames").asInt()).isEqualTo(4);
    assertThat(facts.at("/input/video/shortSide").asInt()).isEqualTo(20);
    assertThat(facts.at("/input/image_size").asInt()).isEqualTo(16);
    assertThat(facts.at("/input/pixels/share").asDouble()).isEqualTo(0.8);
    assertThat(facts.at("/input/pixels/mean/0").asDouble()).isEqualTo(0.4);
    Path train = output(record, Stages.TRAIN);
    assertThat(json(train.resolve("model.json")).at("/input/video/frames").asInt()).isEqualTo(4);
    assertThat(train.resolve("model.torchscript.pt")).exists();
    assertThat(Safetensors.map(train.resolve("model.safetensors")))
        .containsKeys("fc_norm.weight", "encoder.layer.1.attention.attention.v_bias");
  }

  /** The rival that sees no order: the directions of the frames' vectors, averaged. */
  @Test
  void aNetworkOfImagesAveragesTheDirectionsOfFrames() throws Exception {
    Path clip = TinyClip.write(folder.resolve("clip"));
    RunRecord record =
        run(
            clip,
            "train { enabled = false, image-size = 16 }, video.frames = 3, head.enabled = true");
    List<Row> rows;
    try (SparkLauncher spark = new SparkLauncher("local[1]", Map.of())) {
      rows =
          spark
              .session()
              .read()
              .parquet(output(record, Stages.FEATURES).resolve("features").toString())
              .collectAsList();
    }
    // A row for each of the two views of each sample.
    assertThat(rows).hasSize(3 * (8 + 4) * 2);
    for (Row row : rows) {
      List<Float> vector = row.getList(row.fieldIndex("features"));
      assertThat(vector).hasSize(12);
      assertThat(vector.stream().mapToDouble(v -> (double) v * v).sum()).isCloseTo(1, within(1e-5));
    }
  }
}
