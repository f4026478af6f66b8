package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lsg plan says is what lsg run then does. */
class RunPlanTest {
  private static final String TINY =
      """
      data { train = "%s", test-fraction = 0.3, validation-fraction = 0 }
      embedding.encoder = lexical
      train { enabled = false, backbone = small-cnn, image-size = 16 }
      lsg.enabled = false
      compare { seeds = [1, 2], methods { plain {}, mirrored { features.views = mirrored } } }
      """;

  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    SmallPictures.write(folder.resolve("photos"), 6, "red fox", "blue jay");
    Files.writeString(
        folder.resolve("mine.conf"), TINY.formatted(folder.resolve("photos").toString()));
  }

  private static final String GUIDED =
      """
      data { train = "%s", test-fraction = 0.3, validation-fraction = 0 }
      prompts { train = 2, heldout = 1 }
      embedding.encoder = lexical
      embedding.lexical { dimensions = 4, features = 512 }
      graph.edge-ratio = 0.5
      gcn { iterations = 3, evaluate-every = 3 }
      train { backbone = small-cnn, image-size = 16, iterations = 2, global-batch = 4
              start = random, keep = trained, precision = float32 }
      head.enabled = false
      compare { seeds = [1], methods { lsg {} } }
      """;

  private List<String> plan(Map<String, String> keys) {
    Loaded loaded = SettingsLoader.load(folder.resolve("mine.conf"), keys);
    try (SparkLauncher spark = new SparkLauncher("local[2]", Map.of());
        PipelineRun run = new PipelineRun(loaded, folder.resolve("w").toString(), spark)) {
      return PlanCommand.lines(loaded, run);
    }
  }

  /** Outputs that are to be made, by stage. */
  private Map<String, Integer> toMake(Map<String, String> keys) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    List<String> lines = plan(keys);
    for (String line : lines.subList(1, lines.indexOf(""))) {
      String[] words = line.split("\\s+");
      counts.put(words[0], Integer.parseInt(words[2]));
    }
    return counts;
  }

  private long outputs(String stage) throws IOException {
    Path of = folder.resolve("w").resolve(stage);
    if (!Files.exists(of)) {
      return 0;
    }
    try (Stream<Path> all = Files.list(of)) {
      return all.filter(one -> one.getFileName().toString().matches("[0-9a-f]{16}")).count();
    }
  }

  private void requireThatARunMakes(Map<String, Integer> planned, Map<String, String> keys)
      throws IOException {
    Map<String, Long> before = new LinkedHashMap<>();
    for (String stage : planned.keySet()) {
      before.put(stage, outputs(stage));
    }
    Stream<String> options =
        keys.entrySet().stream()
            .flatMap(key -> Stream.of("-D", key.getKey() + "=" + key.getValue()));
    Stream<String> rest =
        Stream.of(
            "run",
            "--master",
            "local[2]",
            "--config",
            folder.resolve("mine.conf").toString(),
            "--work-dir",
            folder.resolve("w").toString());
    assertThat(Lsg.execute(Stream.concat(rest, options).toArray(String[]::new))).isZero();
    for (Map.Entry<String, Integer> stage : planned.entrySet()) {
      assertThat(outputs(stage.getKey()) - before.get(stage.getKey()))
          .as(stage.getKey())
          .isEqualTo(stage.getValue().longValue());
    }
  }

  @Test
  @Tag("long-1")
  void whatIsPlannedIsMadeAndNothingElse() throws Exception {
    Map<String, Integer> first = toMake(Map.of());
    assertThat(first)
        .containsEntry("prepare", 2)
        .containsEntry("features", 4)
        .containsEntry("head", 4)
        .containsEntry("report", 1);
    assertThat(plan(Map.of())).last().asString().contains("nothing in ");
    assertThat(folder.resolve("w")).as("a plan makes nothing").doesNotExist();
    requireThatARunMakes(first, Map.of());

    assertThat(toMake(Map.of()).values()).as("all is there").containsOnly(0);
    assertThat(plan(Map.of())).last().isEqualTo("All of it is there: a run of it makes nothing.");

    Map<String, String> changed = Map.of("head.kind", "gda");
    Map<String, Integer> second = toMake(changed);
    assertThat(second).containsEntry("prepare", 0).containsEntry("features", 0);
    assertThat(second.get("head")).isEqualTo(4);
    assertThat(plan(changed)).last().asString().contains("about ", " by what the newest output");
    requireThatARunMakes(second, changed);
  }

  /** Class names are those of the samples, which are not prepared where a seed is new. */
  @Test
  @Tag("long-7")
  void whatVariantsShareIsCountedOnce() throws Exception {
    Files.writeString(
        folder.resolve("mine.conf"), GUIDED.formatted(folder.resolve("photos").toString()));
    Map<String, String> both = Map.of("compare.seeds", "[1, 2]");
    assertThat(toMake(both)).containsEntry("prepare", 2).containsEntry("embed", 1);
    requireThatARunMakes(toMake(Map.of()), Map.of());
    Map<String, Integer> second = toMake(both);
    assertThat(second)
        .containsEntry("prepare", 1)
        .containsEntry("embed", 0)
        .containsEntry("graph", 0)
        .containsEntry("train", 1);
    requireThatARunMakes(second, both);
  }

  @Test
  void whatATrainingThatBrokeOffHasKeptStays() throws Exception {
    Files.writeString(
        folder.resolve("mine.conf"), GUIDED.formatted(folder.resolve("photos").toString()));
    requireThatARunMakes(toMake(Map.of()), Map.of());
    Path train;
    try (Stream<Path> outputs = Files.list(folder.resolve("w/train"))) {
      train =
          outputs
              .filter(one -> one.getFileName().toString().matches("[0-9a-f]{16}"))
              .findFirst()
              .orElseThrow();
    }
    Path running = train.resolveSibling("_running-" + train.getFileName());
    Files.createDirectories(running);
    Files.move(train.resolve("manifest.json"), running.resolve("kept"));
    assertThat(toMake(Map.of())).containsEntry("train", 1).containsEntry("gcn", 0);
    assertThat(
            Lsg.execute(
                "doctor",
                "--master",
                "local[2]",
                "--config",
                folder.resolve("mine.conf").toString(),
                "--work-dir",
                folder.resolve("w").toString()))
        .isZero();
    assertThat(running.resolve("kept")).exists();
    // A manifest that is damaged tells nothing, and ends nothing.
    Files.writeString(train.resolve("manifest.json"), "{ cut o");
    assertThat(toMake(Map.of())).containsEntry("train", 1);
  }
}
