package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model as a folder for other programs, and carried on. */
class ExportTest {
  private static final String CONFIGURATION =
      """
      data {
        train = "drawn:novel", label-budget = "50%%"
        drawn { image-size = 16, base-classes = 4, novel-classes = 5
                train-per-class = 6, test-per-class = 4 }
      }
      embedding.encoder = lexical
      lsg.enabled = false
      head.enabled = true
      train { enabled = %s, backbone = small-cnn, image-size = 16, iterations = 3
              global-batch = 6, precision = float32, augmentation.resize-factor = 1.25
              start = random, keep = trained }
      """;

  @TempDir Path folder;

  private int lsg(String... arguments) {
    return Lsg.execute(arguments);
  }

  private int export(boolean trained, String output, String... more) throws IOException {
    Path conf = folder.resolve("mine.conf");
    Files.writeString(conf, CONFIGURATION.formatted(trained));
    List<String> all = new ArrayList<>(List.of("export", "--config", conf.toString()));
    all.addAll(List.of("--work-dir", folder.resolve("w").toString(), "--master", "local[2]"));
    all.addAll(List.of("--output", folder.resolve(output).toString()));
    all.addAll(List.of(more));
    return Lsg.execute(all.toArray(String[]::new));
  }

  private List<String> names(String output) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(output))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aHeadOnPooledLayersGoesOutWithAllThatIsNeeded() throws Exception {
    assertThat(export(false, "out", "--licence", "apache-2.0")).isZero();
    assertThat(names("out"))
        .containsExactly(
            "README.md",
            "SHA256SUMS",
            "labels.json",
            "model.json",
            "model.onnx",
            "model.safetensors",
            "model.torchscript.pt",
            "preprocessor_config.json",
            "settings.json");
    try (OrtSession session =
        OrtEnvironment.getEnvironment()
            .createSession(folder.resolve("out/model.onnx").toString())) {
      assertThat(session.getInputNames()).containsExactly("views");
      assertThat(session.getOutputNames()).containsExactlyInAnyOrder("logits", "features");
    }
    JsonNode prepared =
        new ObjectMapper().readTree(folder.resolve("out/preprocessor_config.json").toFile());
    assertThat(prepared.at("/size/height").asInt()).isEqualTo(20);
    assertThat(prepared.at("/crop_size/width").asInt()).isEqualTo(16);
    assertThat(prepared.path("do_normalize").asBoolean()).isFalse();
    assertThat(folder.resolve("out/README.md"))
        .content()
        .startsWith("---\nlicense: \"apache-2.0\"\n")
        .contains("# 5 classes, small-cnn")
        .contains("of 20 samples")
        .contains("On 20 samples of these data its logits are within ");

    whatItSaysElsewhereIsWhatItSaysHere();
    assertThat(export(false, "out")).as("it holds something").isEqualTo(2);
    assertThat(export(false, "other", "--licence", "my own")).isEqualTo(2);

    String out = folder.resolve("out").toString();
    String shelf = folder.resolve("shelf").toString();
    assertThat(lsg("models", "push", out, shelf)).isZero();
    assertThat(names("shelf")).isEqualTo(names("out"));
    assertThat(lsg("models", "push", out, shelf)).isEqualTo(2);
    Files.writeString(folder.resolve("shelf/labels.json"), "{}");
    assertThat(lsg("models", "push", shelf, folder.resolve("third").toString())).isEqualTo(3);
    assertThat(folder.resolve("third")).doesNotExist();
    assertThat(lsg("models", "predict", shelf, "--input", out)).isEqualTo(3);
  }

  private void whatItSaysElsewhereIsWhatItSaysHere() throws IOException {
    SmallPictures.write(folder.resolve("in"), 3, "red fox", "blue jay");
    Files.writeString(folder.resolve("in/page.png"), "<html>");
    String in = folder.resolve("in").toString();
    Path here = folder.resolve("here.csv");
    Path elsewhere = folder.resolve("elsewhere.csv");
    String conf = folder.resolve("mine.conf").toString();
    String work = folder.resolve("w").toString();
    assertThat(
            lsg(
                "predict",
                "--config",
                conf,
                "--work-dir",
                work,
                "--master",
                "local[2]",
                "--input",
                in,
                "--output",
                here.toString()))
        .isZero();
    String out = folder.resolve("out").toString();
    assertThat(
            lsg(
                "models",
                "predict",
                out,
                "--master",
                "local[2]",
                "--input",
                in,
                "--output",
                elsewhere.toString()))
        .isZero();
    List<String> said = Files.readAllLines(here).stream().map(ExportTest::labelled).toList();
    assertThat(said).hasSize(1 + 6 + 1);
    assertThat(Files.readAllLines(elsewhere).stream().map(ExportTest::labelled).toList())
        .isEqualTo(said);
  }

  /** Path, label and probability of a line. */
  private static String labelled(String line) {
    return String.join(",", List.of(line.split(",")).subList(0, 3));
  }

  @Test
  void leaveOneOutIsCalledSo() throws Exception {
    String[] none = {"-D", "data.test-split=none", "-D", "prepare.crop-bottom=1"};
    assertThat(export(false, "out", none)).isZero();
    assertThat(folder.resolve("out/README.md"))
        .content()
        .contains("By leave-one-out", "The lowest 1 rows of every picture are cut off first.")
        .containsPattern("Accuracy: [0-9.]+ % of [0-9]+ samples");
    assertThat(names("out")).contains("settings.json").doesNotContain("preprocessor_config.json");
    assertThat(folder.resolve("out/settings.json"))
        .content()
        .contains("\"prepare.crop-bottom\" : 1");
  }

  @Tag("long-3")
  @Test
  void aTrainedModelGoesOutToo() throws Exception {
    assertThat(export(true, "out")).isZero();
    assertThat(names("out")).contains("model.onnx", "README.md");
    assertThat(folder.resolve("out/README.md")).content().startsWith("---\nlicense: \"unknown\"\n");
  }
}
