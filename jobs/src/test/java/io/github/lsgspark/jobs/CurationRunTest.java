package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** lsg select and lsg audit on a folder of pictures, from the first label on. */
@Tag("long-3")
class CurationRunTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SMALL =
      """
      data.test-fraction = 0
      train { backbone = small-cnn, image-size = 16, precision = float32, enabled = false
              augmentation.resize-factor = 1 }
      lsg.enabled = false
      select.count = 6
      """;
  private static final List<String> COLOURS = List.of("red", "green", "blue");

  @TempDir Path folder;
  private Path pictures;

  /** Thirty pictures of three colours; the last is the first one again. */
  @BeforeEach
  void draw() throws IOException {
    pictures = Files.createDirectories(folder.resolve("pictures"));
    Random random = new Random(1);
    for (int i = 0; i < 30; i++) {
      BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
      for (int p = 0; p < 256; p++) {
        int[] rgb = {random.nextInt(120), random.nextInt(120), random.nextInt(120)};
        rgb[i % 3] += 130;
        image.setRGB(p % 16, p / 16, new Color(rgb[0], rgb[1], rgb[2]).getRGB());
      }
      ImageIO.write(image, "png", picture(i).toFile());
    }
    Files.copy(picture(0), pictures.resolve("again.png"));
  }

  private Path picture(int i) {
    return pictures.resolve("p%02d.png".formatted(i));
  }

  private static String colour(String name) {
    return name.equals("again.png")
        ? COLOURS.get(0)
        : COLOURS.get(Integer.parseInt(name.substring(1, 3)) % 3);
  }

  /** The folder of a stage's output. */
  private Path run(Stage stage, Map<String, String> settings) {
    try (SparkLauncher spark = new SparkLauncher("local[2]", Map.of());
        PipelineRun run =
            new PipelineRun(
                SettingsLoader.load(SMALL, settings), folder.resolve("work").toString(), spark)) {
      Goal goal = Goal.of(run.stages(), stage);
      run.check(goal);
      RunRecord record = run.execute(goal);
      return Path.of(record.head().stages().get(stage).path().replaceFirst("^file:", ""));
    }
  }

  private static JsonNode metrics(Path output) throws IOException {
    return JSON.readTree(Files.readString(output.resolve("metrics.json")));
  }

  @Test
  void fromPicturesWithoutALabelToLabelsToAnAudit() throws IOException {
    Map<String, String> unlabelled =
        Map.of("data.train", pictures.toString(), "data.layout", "unlabelled");
    Path selected = run(Stages.SELECT, unlabelled);
    List<String> lines = Files.readAllLines(selected.resolve("selection.csv"));
    assertThat(lines).hasSize(7);
    assertThat(Files.readString(selected.resolve("page.html")))
        .contains("data:image/png;base64,")
        .contains("stands for ");
    // Filled in, it is a list of samples.
    List<String> filled = new ArrayList<>(List.of(lines.get(0)));
    for (String line : lines.subList(1, lines.size())) {
      String path = line.substring(0, line.indexOf(','));
      assertThat(Path.of(path.replaceFirst("^file:", ""))).exists();
      String label = colour(Path.of(path).getFileName().toString());
      filled.add(path + "," + label + line.substring(line.indexOf(',') + 1));
    }
    Path list = Files.write(folder.resolve("filled.csv"), filled);
    Path prepared =
        run(
            Stages.PREPARE,
            Map.of(
                "data.train", list.toString(),
                "data.root", pictures.toString(),
                "data.test-fraction", "0.2"));
    assertThat(metrics(prepared).at("/splits/train").asInt()).isBetween(3, 6);

    Path audited = run(Stages.AUDIT, unlabelled);
    assertThat(metrics(audited).get("labelled").asInt()).isZero();
    assertThat(Files.readAllLines(audited.resolve("duplicates.csv")).get(1))
        .startsWith("exact,1.0000,")
        .contains("again.png")
        .contains("p00.png");
    assertThat(audited.resolve("errors.csv")).content().startsWith("rank,path,").hasLineCount(1);
  }

  @Test
  void whatLabelStudioExportsIsASource() throws IOException {
    Map<String, String> unlabelled =
        Map.of(
            "data.train", pictures.toString(),
            "data.layout", "unlabelled",
            "select.format", "label-studio");
    Path selected = run(Stages.SELECT, unlabelled);
    JsonNode tasks = JSON.readTree(Files.readString(selected.resolve("label-studio.json")));
    assertThat(tasks).hasSize(6);
    // As people label, the first one but not.
    for (int i = 1; i < tasks.size(); i++) {
      String sample = tasks.get(i).at("/data/sample").asText();
      assertThat(tasks.get(i).at("/data/image").asText())
          .isEqualTo("/data/local-files/?d=" + sample);
      ObjectNode result =
          ((ObjectNode) tasks.get(i))
              .put("id", i)
              .putArray("annotations")
              .addObject()
              .put("was_cancelled", false)
              .putArray("result")
              .addObject()
              .put("type", "choices");
      result.putObject("value").putArray("choices").add(colour(sample));
    }
    Files.writeString(pictures.resolve("project-1.json"), JSON.writeValueAsString(tasks));
    Map<String, String> exported =
        Map.of("data.train", pictures.toString(), "data.format", "label-studio");
    Path prepared = run(Stages.PREPARE, exported);
    assertThat(metrics(prepared).at("/splits/train").asInt()).isEqualTo(5);
    assertThat(metrics(prepared).at("/splits/unlabelled").asInt()).isEqualTo(26);
    // The next round starts from these labels.
    Path next = run(Stages.SELECT, exported);
    assertThat(Files.readAllLines(next.resolve("selection.csv"))).hasSize(7);
    assertThat(metrics(next).get("labelled").asInt()).isEqualTo(5);
    Path audited = run(Stages.AUDIT, exported);
    assertThat(metrics(audited).get("labelled").asInt()).isEqualTo(5);
    assertThatThrownBy(
            () ->
                run(
                    Stages.SELECT,
                    Map.of(
                        "data.train", pictures.toString(),
                        "data.layout", "unlabelled",
                        "data.test", pictures.toString())))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("data.test must not be set with data.layout = unlabelled");
  }
}
