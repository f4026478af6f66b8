package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.config.SettingsLoader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Grids of small runs on drawn pictures. */
@Tag("long-8")
@Timeout(1200)
class ExperimentRunTest {
  private static final String TINY =
      """
      data {
        train = "drawn:novel"
        drawn { image-size = 16, novel-classes = 5, train-per-class = 6, test-per-class = 8 }
      }
      prepare.partitions = 1
      prompts { train = 3, heldout = 2 }
      embedding.encoder = lexical
      embedding.lexical { dimensions = 8, features = 512 }
      graph.edge-ratio = 0.3
      gcn { iterations = 5, evaluate-every = 5 }
      train {
        backbone = small-cnn, image-size = 16, iterations = 4, global-batch = 6
        learning-rate = 0.05, precision = float32, augmentation.resize-factor = 1
        start = random, keep = trained
      }
      """;

  private static final String GRID =
      TINY
          + """
          experiment {
            budgets = [2]
            seeds = [1, 2]
            concurrency = 2
            methods {
              plain { lsg.enabled = false }
              lsg {}
              one-hot { lsg.label-graph = one-hot }
              shuffled { lsg.label-graph = shuffled }
            }
          }
          """;

  @TempDir Path folder;

  /** Runs whose training was started, as Spark's jobs name them. */
  private final Set<String> trained = ConcurrentHashMap.newKeySet();

  private final SparkListener listener =
      new SparkListener() {
        @Override
        public void onJobStart(SparkListenerJobStart job) {
          String description = job.properties().getProperty("spark.job.description");
          if (description != null && description.startsWith("train, ")) {
            trained.add(description.split(":", 2)[0]);
          }
        }
      };

  private Path config(String hocon) throws IOException {
    return Files.writeString(folder.resolve("grid.conf"), hocon);
  }

  private ExperimentRecord experiment(String work) throws IOException {
    try (SparkLauncher spark = new SparkLauncher("local[2]", Map.of())) {
      ExperimentRun run =
          new ExperimentRun(
              SettingsLoader.load(config(GRID), Map.of()), folder.resolve(work).toString(), spark);
      spark.session().sparkContext().addSparkListener(listener);
      return run.execute();
    }
  }

  private Process start(String work) throws IOException {
    return LsgProcess.start(
        "1g",
        folder.resolve(work + ".log"),
        "experiment",
        "--config",
        config(GRID).toString(),
        "--work-dir",
        folder.resolve(work).toString(),
        "--master",
        "local[2]",
        "--conf",
        "spark.sql.shuffle.partitions=2");
  }

  /** Outputs of a stage that are whole. */
  private List<Path> outputs(String work, String stage) throws IOException {
    Path stages = folder.resolve(work).resolve(stage);
    if (!Files.isDirectory(stages)) {
      return List.of();
    }
    try (var entries = Files.list(stages)) {
      return entries.filter(entry -> Files.exists(entry.resolve("manifest.json"))).toList();
    }
  }

  @Test
  void aKilledGridGoesOnAndEndsWithTheSameTable() throws Exception {
    Process process = start("killed");
    while (process.isAlive() && outputs("killed", "evaluate").size() < 2) {
      Thread.sleep(20);
    }
    process.destroyForcibly();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    int before = outputs("killed", "train").size();
    assertThat(before).as("%s", Files.readString(folder.resolve("killed.log"))).isBetween(2, 7);
    assertThat(outputs("killed", "experiment")).isEmpty();

    ExperimentRecord resumed = experiment("killed");
    assertThat(trained).hasSize(8 - before);
    assertThat(resumed.failures()).isEmpty();
    assertThat(outputs("killed", "prepare")).hasSize(2);
    assertThat(outputs("killed", "embed")).hasSize(1);
    assertThat(outputs("killed", "graph")).hasSize(4);

    trained.clear();
    ExperimentRecord whole = experiment("whole");
    assertThat(trained).hasSize(8);
    int half = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    for (Path training : outputs("whole", "train")) {
      JsonNode metrics = new ObjectMapper().readTree(training.resolve("metrics.json").toFile());
      assertThat(metrics.path("threads").asInt()).isEqualTo(half);
    }
    assertThat(resumed.table()).isEqualTo(whole.table()).contains("lsg+prototypes", "n < 3");
    assertThat(resumed.output().fingerprint()).isEqualTo(whole.output().fingerprint());
    assertThat(Path.of(resumed.output().file("table.json")))
        .hasSameTextualContentAs(Path.of(whole.output().file("table.json")));
    Path explanation = Path.of(whole.output().file("explanation.json"));
    assertThat(Path.of(resumed.output().file("explanation.json")))
        .hasSameTextualContentAs(explanation);
    JsonNode changes = new ObjectMapper().readTree(explanation.toFile()).get("comparisons");
    // Three methods against plain; lsg, the first, also against two controls.
    assertThat(changes).hasSize(3);
    assertThat(changes.at("/0/controls"))
        .map(c -> c.get("label_graph").asText())
        .containsExactly("one-hot", "shuffled");
    assertThat(changes.at("/1/controls")).isEmpty();
    assertThat(whole.summary()).contains(whole.table(), "A demonstration", "index.html");

    trained.clear();
    assertThat(experiment("whole").output().skipped()).isTrue();
    assertThat(trained).isEmpty();
  }

  @Test
  void aRunThatFailsLeavesTheOthersAlone() throws Exception {
    String hocon =
        TINY
            + """
            lsg.enabled = false
            experiment {
              methods {
                broken { train.transfer { methods = [bss], bss.k = 100 } }
                plain {}
              }
            }
            """;
    Outcome first = lsg("experiment", hocon);
    assertThat(first.code()).isEqualTo(1);
    assertThat(first.out())
        .containsPattern("failed: broken, 100% labels, seed 1: .*train.transfer.bss.k = 100")
        .containsPattern("100% \\(6.0\\) +plain +1 ")
        .contains("Failed and missing: 1 of the grid's runs.");
    assertThat(outputs("w", "train")).hasSize(1);
    Outcome mended =
        lsg("experiment", hocon, "-D", "experiment.methods.broken.train.transfer.bss.k=1");
    assertThat(mended.code()).isZero();
    assertThat(mended.out()).doesNotContain("failed").containsPattern("broken +1 ");
    assertThat(outputs("w", "train")).hasSize(2);
    // What is known beforehand is told before any run.
    Path work = folder.resolve("w/train");
    FileTime before = Files.getLastModifiedTime(work);
    Outcome known = lsg("experiment", hocon, "-D", "experiment.methods.broken.train.weights=/no");
    assertThat(known.code()).isEqualTo(3);
    assertThat(Files.getLastModifiedTime(work)).isEqualTo(before);
  }

  @Test
  void whereNoRunCanBeMadeTheExitCodeSaysWhy() throws Exception {
    String methods = "\nexperiment.methods { a {}, b { lsg.enabled = false } }";
    assertThat(lsg("experiment", "data.train = /does/not/exist" + methods).code()).isEqualTo(3);
    assertThat(lsg("experiment", "data.train = /does/not/exist").code()).isEqualTo(2);
  }

  /** Exit code, and what was printed. */
  private record Outcome(int code, String out) {}

  private Outcome lsg(String command, String hocon, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                command,
                "--config",
                config(hocon).toString(),
                "--work-dir",
                folder.resolve("w").toString(),
                "--master",
                "local[2]"));
    arguments.addAll(List.of(more));
    PrintStream original = System.out;
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    System.setOut(new PrintStream(captured, true, StandardCharsets.UTF_8));
    try {
      int code = Lsg.execute(arguments.toArray(String[]::new));
      return new Outcome(code, captured.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(original);
    }
  }
}
