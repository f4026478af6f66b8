package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.torch.Safetensors;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run over WAV files with a directory as transformers publishes networks of sounds. */
@Tag("long-7")
class SoundNetworkRunTest {
  private static final String HOCON =
      """
      data { modality = audio, train = "%s", label-budget = "50%%", test-fraction = 0.25 }
      prompts { train = 2, heldout = 1 }
      embedding.encoder = lexical
      embedding.lexical { dimensions = 8, features = 512 }
      graph.edge-ratio = 0.5
      gcn { iterations = 3, evaluate-every = 3 }
      train { backbone = auto, weights = "%s", iterations = 2, global-batch = 4
              precision = float32 }
      """;

  private static final int FILES = 12;

  @TempDir Path folder;
  private Path model;

  @BeforeEach
  void makeModel() throws Exception {
    model = TinyAst.write(folder.resolve("model"));
  }

  /** Tones of half a second over noise, higher in the one class than in the other. */
  private static void tones(Path folder, double hertz) throws Exception {
    Random random = new Random(5);
    for (int file = 0; file < FILES; file++) {
      double own = hertz * (1 + 0.1 * random.nextGaussian());
      TinyAst.sound(folder.resolve(file + ".wav"), random, 0.5, own);
    }
  }

  @Test
  void featuresHeadTrainingAndServingTakeIt() throws Exception {
    Path sounds = folder.resolve("sounds");
    tones(sounds.resolve("low hum"), 220);
    tones(sounds.resolve("high whistle"), 3000);
    String work = folder.resolve("w").toString();
    RunRecord record;
    try (SparkLauncher spark = new SparkLauncher("local[2]", Map.of());
        PipelineRun run =
            new PipelineRun(
                SettingsLoader.load(HOCON.formatted(sounds, model), Map.of()), work, spark)) {
      record = run.execute(Goal.run(Stages.of(List.of())));
    }
    assertThat(record.head().stages())
        .containsKeys(Stages.FEATURES, Stages.HEAD, Stages.TRAIN, Stages.KEEP);
    JsonNode facts = json(stage(record, Stages.FEATURES).resolve("features.json"));
    assertThat(facts.at("/input/sound/frames").asInt()).isEqualTo(48);
    assertThat(facts.at("/input/sound/mel/deviation").asDouble()).isEqualTo(11);
    Path train = stage(record, Stages.TRAIN);
    JsonNode description = json(train.resolve("model.json"));
    assertThat(description.path("backbone").asText()).isEqualTo("auto");
    assertThat(description.at("/input/sound/rate").asInt()).isEqualTo(16000);
    assertThat(train.resolve("model.torchscript.pt")).exists();
    // What is trained has the names of the published file.
    assertThat(Safetensors.map(train.resolve("model.safetensors")))
        .containsKeys("embeddings.distillation_token", "encoder.layer.1.output.dense.bias");
  }

  private static Path stage(RunRecord record, Stage name) {
    return Path.of(record.head().stages().get(name).path().replaceFirst("^file:", ""));
  }

  private static JsonNode json(Path path) throws Exception {
    return new ObjectMapper().readTree(path.toFile());
  }

  @Test
  void theModelsCommandSaysWhatADirectoryHears() throws Exception {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    assertThat(execute(printed, "check", model.toString())).isZero();
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("ast: audio spectrogram transformers", "made for 32 x 48", "16000 Hz")
        .contains("32 kaldi bands in 48 frames, mean -6.5, deviation 11.0")
        .contains("missing    0", "unknown    0");
    assertThat(execute(printed, "list")).isZero();
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .containsPattern("wavlm +family +audio")
        .containsPattern("dinov2 +family +image");
    Files.writeString(
        model.resolve("preprocessor_config.json"), TinyAst.EXTRACTOR.replace("48", "64"));
    assertThat(execute(printed, "check", model.toString())).isEqualTo(3);
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
