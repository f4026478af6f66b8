package io.github.lsgspark.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** The smallest run of all stages, and what it comes to. */
final class TinyRun {
  static final String HOCON =
      """
      data {
        train = "drawn:novel", label-budget = "50%"
        drawn { image-size = 16, novel-classes = 3, train-per-class = 4, test-per-class = 2 }
      }
      prompts { train = 2, heldout = 1 }
      embedding.encoder = lexical
      embedding.lexical { dimensions = 8, features = 512 }
      graph.edge-ratio = 0.5
      gcn { iterations = 3, evaluate-every = 3 }
      prepare.partitions = 2
      train {
        backbone = small-cnn, image-size = 16, iterations = 1, global-batch = 4, views = 1
        precision = float32, augmentation.resize-factor = 1, start = random, keep = trained
      }
      """;

  private TinyRun() {}

  static Loaded loaded() {
    return SettingsLoader.load(HOCON, Map.of());
  }

  /** Runs it up to a stage, and says what was found: fingerprints, counts, weights. */
  static Map<String, String> result(String workDir, Stage target, SparkLauncher spark) {
    Map<String, String> result = new TreeMap<>();
    HadoopFiles files = new HadoopFiles(spark.hadoop());
    try (PipelineRun run = new PipelineRun(loaded(), workDir, spark)) {
      Map<Stage, StageRecord> stages = run.execute(target).head().stages();
      stages.forEach(
          (stage, output) -> {
            result.put(stage.name(), output.fingerprint().hex());
            JsonNode rows =
                Json.read(files, HadoopFiles.path(output.path(), "manifest.json"))
                    .at("/content/rows");
            result.put(stage.name() + " rows", rows.toString());
          });
      if (stages.containsKey(Stages.TRAIN)) {
        String model = HadoopFiles.path(stages.get(Stages.TRAIN).path(), "model.safetensors");
        result.put("model", Arrays.hashCode(files.read(model)) + "");
      }
    }
    return result;
  }
}
