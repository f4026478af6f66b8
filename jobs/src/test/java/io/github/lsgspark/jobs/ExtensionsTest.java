package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.example.lsg.ExampleEncoder;
import com.example.lsg.ExampleHead;
import com.example.lsg.ExampleNet;
import com.example.lsg.ExampleReader;
import com.example.lsg.ExampleStage;
import com.example.lsg.ExampleStrategy;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.backbone.BackboneFamily;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.published.DatasetReader;
import io.github.lsgspark.embedding.LabelEncoderKind;
import io.github.lsgspark.head.HeadKind;
import io.github.lsgspark.training.ssl.StrategyKind;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A jar beside the program's brings a network, an encoder, a strategy, a reader, a head, a stage.
 */
@Tag("long-7")
class ExtensionsTest {
  private static final Map<Class<?>, Class<?>> SERVICES =
      Map.of(
          BackboneFamily.class, ExampleNet.class,
          LabelEncoderKind.class, ExampleEncoder.class,
          HeadKind.class, ExampleHead.class,
          StrategyKind.class, ExampleStrategy.class,
          DatasetReader.class, ExampleReader.class,
          Stage.class, ExampleStage.class);

  private static final String REFERENCE =
      """
      example-stage {
        # Lines that are copied. All others are left out.
        lines = 3
      }
      """;

  @TempDir Path folder;

  /** The classes of package com.example.lsg and a line for each in META-INF/services. */
  private Path jar() throws Exception {
    Path classes =
        Path.of(ExampleNet.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path jar = folder.resolve("extension.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(out);
        Stream<Path> files = Files.list(classes.resolve("com/example/lsg"))) {
      for (Path file : files.toList()) {
        zip.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
        zip.write(Files.readAllBytes(file));
      }
      for (Map.Entry<Class<?>, Class<?>> service : SERVICES.entrySet()) {
        zip.putNextEntry(new ZipEntry("META-INF/services/" + service.getKey().getName()));
        zip.write((service.getValue().getName() + "\n").getBytes(StandardCharsets.UTF_8));
      }
      zip.putNextEntry(new ZipEntry("reference.conf"));
      zip.write(REFERENCE.getBytes(StandardCharsets.UTF_8));
    }
    return jar;
  }

  /** Squares of three colours, eight of each for training and two for test. */
  private Path benchmark() throws IOException {
    Path images = Files.createDirectories(folder.resolve("benchmark/images"));
    StringBuilder list = new StringBuilder();
    Map<String, Color> classes = Map.of("red", Color.RED, "green", Color.GREEN, "blue", Color.BLUE);
    for (Map.Entry<String, Color> entry : classes.entrySet()) {
      for (int i = 0; i < 10; i++) {
        BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = image.createGraphics();
        pen.setColor(entry.getValue());
        pen.fillRect(i / 2, 0, 10, 10 + i % 2);
        pen.dispose();
        String name = entry.getKey() + i + ".png";
        ImageIO.write(image, "png", images.resolve(name).toFile());
        list.append(i < 8 ? "train " : "test ").append(entry.getKey()).append(' ').append(name);
        list.append('\n');
      }
    }
    Files.writeString(images.resolveSibling("list.txt"), list);
    return images.getParent();
  }

  @Test
  void aJarBesideTheProgramBringsOneOfEach() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("run.conf"),
            """
            data { format = example-reader, train = "%s", label-budget = 4 }
            prompts { train = 2, heldout = 1 }
            embedding.encoder = example-encoder
            graph.edge-ratio = 0.5
            gcn { iterations = 3, evaluate-every = 3 }
            prepare.partitions = 2
            head { enabled = true, kind = example-head }
            ssl { strategy = example-strategy, weight = 0.5 }
            train {
              backbone = example-net, image-size = 16, iterations = 30, global-batch = 6
              learning-rate = 0.1, precision = float32, augmentation.resize-factor = 1
              start = random, keep = trained
            }
            """
                .formatted(benchmark()));
    lsg("run", "--config", config.toString());
    lsg("run", "--config", config.toString(), "-D", "example-stage.lines=2");
    JsonNode run = new ObjectMapper().readTree(folder.resolve("work/run.json").toFile());
    JsonNode stages = run.path("stages");
    assertThat(stages.path("train").path("skipped").asBoolean()).isTrue();
    assertThat(metrics(stages, "embed").path("encoder").asText()).isEqualTo("example-encoder");
    assertThat(metrics(stages, "embed").path("dimension").asInt()).isEqualTo(27);
    assertThat(metrics(stages, "prepare").path("splits").toString())
        .isEqualTo("{\"test\":6,\"train\":12,\"unlabelled\":12}");
    assertThat(read(stages, "train", "model.json").path("backbone").asText())
        .isEqualTo("example-net");
    assertThat(metrics(stages, "head").path("kind").asText()).isEqualTo("example-head");
    assertThat(metrics(stages, "evaluate-head").path("accuracy").asDouble()).isBetween(0.0, 1.0);
    // Every second place is taken.
    assertThat(metrics(stages, "train").path("accepted_share").asDouble()).isBetween(0.3, 0.7);
    assertThat(stages.path("example-stage").path("skipped").asBoolean()).isFalse();
    assertThat(folder(stages, "example-stage").resolve("first.tsv")).content().hasLineCount(2);
    assertThat(lsg("help", "example-stage"))
        .contains("Copies the first lines", "Takes:", "graph", "first.tsv")
        .containsPattern("example-stage.lines = 3 +Lines that are copied");
    assertThat(lsg("help")).containsPattern("example-stage +Copies the first lines");
  }

  @Test
  void aStageComesAfterItsInputsAndUnderANameOfItsOwn() {
    assertThat(Stages.of(List.of(new ExampleStage())).all())
        .extracting(Stage::name)
        .containsSubsequence("graph", "example-stage");
    assertThatThrownBy(() -> Stages.of(List.of(new ExampleStage(), new ExampleStage())))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.ENVIRONMENT))
        .hasMessageContaining("example-stage (com.example.lsg.ExampleStage) is refused");
  }

  /** Runs a command with the jar in a JVM of its own, and gives what it printed. */
  private String lsg(String... arguments) throws Exception {
    Path log = folder.resolve("log.txt");
    List<String> all = new ArrayList<>(List.of(arguments));
    if (arguments[0].equals("run")) {
      all.addAll(List.of("--work-dir", folder.resolve("work").toString(), "--master", "local[2]"));
    }
    int code = LsgProcess.start("1g", log, jar(), all.toArray(String[]::new)).waitFor();
    assertThat(code).as("%s", Files.readString(log)).isZero();
    return Files.readString(log);
  }

  private static JsonNode metrics(JsonNode stages, String stage) throws IOException {
    return read(stages, stage, "metrics.json");
  }

  private static JsonNode read(JsonNode stages, String stage, String file) throws IOException {
    return new ObjectMapper().readTree(folder(stages, stage).resolve(file).toFile());
  }

  private static Path folder(JsonNode stages, String stage) {
    return Path.of(stages.path(stage).path("path").asText().replaceFirst("^file:", ""));
  }
}
