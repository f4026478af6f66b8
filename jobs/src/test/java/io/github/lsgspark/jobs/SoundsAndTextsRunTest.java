package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.torch.Safetensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Heads in the space of a CLAP's sounds and texts, and of a CLIP's frames and texts, each from one
 * directory.
 */
@Tag("long-6")
class SoundsAndTextsRunTest {
  private static final String TEXTS =
      """
      prompts { train = 2, heldout = 1 }
      embedding { encoder = transformer, model = "%1$s", pooling = end-of-text, dtype = float32 }
      graph.edge-ratio = 0.5
      gcn { iterations = 3, evaluate-every = 3 }
      train { enabled = false, backbone = auto, weights = "%1$s" }
      head { enabled = true, kind = %2$s }
      """;

  private static final int FILES = 8;

  @TempDir Path folder;
  private String sounds;
  private Path clap;

  @BeforeEach
  void write() throws Exception {
    clap = TinyClap.write(folder.resolve("clap"));
    Path files = folder.resolve("sounds");
    Random random = new Random(5);
    for (String name : List.of("low hum", "high whistle", "whistle")) {
      for (int file = 0; file < FILES; file++) {
        TinyAst.sound(files.resolve(name).resolve(file + ".wav"), random, 0.3, 200 * (file + 1));
      }
    }
    sounds =
        "data { modality = audio, train = \"%s\", label-budget = \"50%%\", test-fraction = 0.25 }\n"
            .formatted(files);
  }

  private RunRecord run(String hocon) throws Exception {
    try (SparkLauncher spark = new SparkLauncher("local[2]", Map.of());
        PipelineRun run =
            new PipelineRun(
                SettingsLoader.load(hocon, Map.of()), folder.resolve("w").toString(), spark)) {
      return run.execute(Goal.run(Stages.of(List.of())));
    }
  }

  private static Path output(RunRecord record, Stage stage) {
    return Path.of(record.head().stages().get(stage).path().replaceFirst("^file:", ""));
  }

  private static float[] classifier(RunRecord record) {
    Path model = output(record, Stages.HEAD).resolve("model.safetensors");
    return Safetensors.map(model).get("classifier.weight").floats();
  }

  @Test
  void soundsAreToldByTheTextsOfTheirDirectory() throws Exception {
    RunRecord zeroShot = run(sounds + TEXTS.formatted(clap, "zero-shot"));
    assertThat(classifier(zeroShot)).hasSize(3 * 12).doesNotContain(Float.NaN);
    RunRecord ridge = run(sounds + TEXTS.formatted(clap, "text-ridge"));
    assertThat(output(ridge, Stages.EMBED)).isEqualTo(output(zeroShot, Stages.EMBED));
    RunRecord shuffled =
        run(sounds + TEXTS.formatted(clap, "zero-shot") + "head.label-texts = shuffled\n");
    assertThat(classifier(shuffled)).isNotEqualTo(classifier(zeroShot));
  }

  /** The file that comes with the program, on a set in the form in which ESC-50 is published. */
  @Test
  void theConfigurationOfPublishedSetsRuns() throws Exception {
    Path esc = folder.resolve("ESC-50-master");
    StringBuilder list = new StringBuilder("filename,fold,target,category,esc10\n");
    Random random = new Random(7);
    for (int fold = 1; fold <= 2; fold++) {
      for (int file = 0; file < 3 * FILES; file++) {
        String name = fold + "-" + file + "-A-" + file % 3 + ".wav";
        TinyAst.sound(esc.resolve("audio").resolve(name), random, 0.3, 300 + 700 * (file % 3));
        list.append("%s,%d,%d,kind_%c,False\n".formatted(name, fold, file % 3, 'a' + file % 3));
      }
    }
    Files.createDirectories(esc.resolve("meta"));
    Files.writeString(esc.resolve("meta/esc50.csv"), list);
    assertThat(
            Lsg.execute(
                "run",
                "--config",
                "../conf/sounds-by-text.conf",
                "--master",
                "local[2]",
                "--work-dir",
                folder.resolve("esc").toString(),
                "-D",
                "data.format=esc-50",
                "-D",
                "data.train=" + esc,
                "-D",
                "data.fold=2",
                "-D",
                "embedding.model=" + clap,
                "-D",
                "train.weights=" + clap))
        .isZero();
    assertThat(Files.readString(folder.resolve("esc/run.json")))
        .contains("\"zero-shot\"", "\"texts-and-gaussians\"", "\"labels\"", "\"shuffled\"");
  }

  /** A class without a label has its text, as those with labels have. */
  @Test
  void aClassWithoutLabelsIsToldByItsText() throws Exception {
    String held = "data.unseen-classes { count = 1, seed = 1 }\n";
    RunRecord record = run(sounds + held + TEXTS.formatted(clap, "text-ridge"));
    float[] own = classifier(record);
    for (int c = 0; c < 3; c++) {
      double length = 0;
      for (int i = 0; i < 12; i++) {
        length += Math.abs(own[c * 12 + i]);
      }
      assertThat(length).as("class %d", c).isPositive();
    }
    assertThat(Files.readString(output(record, Stages.EVALUATE).resolve("metrics.json")))
        .contains("unseen");
  }

  @Test
  void framesAreToldByTheTextsOfAClipOnTheirMean() throws Exception {
    Path clip = TinyClip.write(folder.resolve("clip"));
    String videos =
        """
        data {
          modality = video, train = "drawn:novel", label-budget = "50%"
          drawn { image-size = 16, novel-classes = 3, train-per-class = 4, test-per-class = 2
                  seconds = 0.6 }
        }
        video { frames = 2, sampling = uniform, frame-rate = 5, short-side = 16 }
        """;
    RunRecord record = run(videos + TEXTS.formatted(clip, "zero-shot") + "train.image-size = 16\n");
    assertThat(classifier(record)).hasSize(3 * 12).doesNotContain(Float.NaN);
    String attention = TEXTS.formatted(clip, "ridge") + "features.frames = attention\n";
    String small = "train.image-size = 16\n";
    RunRecord attended = run(videos + attention + small);
    Path model = output(attended, Stages.HEAD);
    assertThat(Files.readString(model.resolve("model.json"))).contains("\"frame_texts\" : 3");
    assertThat(Safetensors.map(model.resolve("model.safetensors")).get("frames.texts").shape())
        .containsExactly(3, 12);
    assertThat(Files.readString(output(attended, Stages.EVALUATE).resolve("metrics.json")))
        .contains("\"accuracy\"");
    String trained =
        "train { enabled = true, start = head, keep = trained, iterations = 2, global-batch = 4 }\n";
    RunRecord tuned = run(videos + attention + small + trained);
    assertThat(output(tuned, Stages.FEATURES)).isEqualTo(output(attended, Stages.FEATURES));
    assertThat(output(tuned, Stages.TRAIN).resolve("model.safetensors")).isRegularFile();
    assertThatThrownBy(() -> run(videos + attention + small + trained + "train.start = random\n"))
        .hasMessageContaining("set train.start = head");
    assertThatThrownBy(
            () -> run(videos + TEXTS.formatted(clap, "zero-shot") + "train.image-size = 16\n"))
        .hasMessageContaining("data.modality = audio, but that was: video");
  }
}
