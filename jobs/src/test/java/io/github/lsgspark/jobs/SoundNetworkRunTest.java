package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.torch.Safetensors;
import io.github.lsgspark.tower.Tower;
import io.github.lsgspark.tower.TowerConfig;
import io.github.lsgspark.tower.Towers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run over WAV files with a directory as transformers publishes networks of sounds. */
@Tag("long-3")
class SoundNetworkRunTest {
  private static final String CONFIG =
      """
      { "model_type": "audio-spectrogram-transformer", "hidden_size": 16, "intermediate_size": 32,
        "num_hidden_layers": 2, "num_attention_heads": 2, "max_length": 48, "num_mel_bins": 32 }
      """;

  private static final String EXTRACTOR =
      """
      { "feature_extractor_type": "ASTFeatureExtractor", "sampling_rate": 16000, "max_length": 48,
        "num_mel_bins": 32, "do_normalize": true, "mean": -6.5, "std": 5.5 }
      """;

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

  private static final int RATE = 22050;
  private static final int FILES = 12;

  @TempDir Path folder;
  private Path model;

  @BeforeEach
  void makeModel() throws Exception {
    model = Files.createDirectory(folder.resolve("model"));
    Files.writeString(model.resolve("config.json"), CONFIG);
    Files.writeString(model.resolve("preprocessor_config.json"), EXTRACTOR);
    TowerConfig config = TowerConfig.parse(CONFIG.getBytes(StandardCharsets.UTF_8), "config.json");
    try (Tower network = Towers.of(config, 32, 48);
        OutputStream out = Files.newOutputStream(model.resolve("model.safetensors"))) {
      Safetensors.write(out, network.initialWeights(1), Map.of());
    }
  }

  /** Tones of half a second over noise, higher in the one class than in the other. */
  private static void tones(Path folder, double hertz) throws Exception {
    Files.createDirectories(folder);
    Random random = new Random(5);
    for (int file = 0; file < FILES; file++) {
      byte[] samples = new byte[RATE];
      double own = hertz * (1 + 0.1 * random.nextGaussian());
      for (int i = 0; i < samples.length / 2; i++) {
        double value = 0.3 * Math.sin(2 * Math.PI * own * i / RATE) + 0.05 * random.nextGaussian();
        int rounded = (int) (32767 * value);
        samples[2 * i] = (byte) rounded;
        samples[2 * i + 1] = (byte) (rounded >> 8);
      }
      AudioFormat format = new AudioFormat(RATE, 16, 1, true, false);
      AudioInputStream sound =
          new AudioInputStream(new ByteArrayInputStream(samples), format, samples.length / 2);
      AudioSystem.write(sound, AudioFileFormat.Type.WAVE, folder.resolve(file + ".wav").toFile());
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
    Files.writeString(model.resolve("preprocessor_config.json"), EXTRACTOR.replace("48", "64"));
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
