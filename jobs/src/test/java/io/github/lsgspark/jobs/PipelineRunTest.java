package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.config.SettingsLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole pipeline, small, on drawn pictures. */
class PipelineRunTest {
  private static final String TINY =
      """
      data {
        train = "drawn:novel", label-budget = "50%"
        drawn { image-size = 16, base-classes = 4, novel-classes = 5
                train-per-class = 6, test-per-class = 4 }
      }
      prompts { train = 3, heldout = 2 }
      embedding.encoder = lexical
      embedding.lexical { dimensions = 8, features = 512 }
      graph.edge-ratio = 0.3
      gcn { iterations = 5, evaluate-every = 5 }
      train {
        backbone = small-cnn, weights = pretrain, image-size = 16
        iterations = 3, global-batch = 6, precision = float32
        augmentation.resize-factor = 1, start = random, keep = trained
      }
      pretrain {
        data { train = "drawn:base", label-budget = "100%" }
      }
      compare {
        seeds = [1, 2]
        methods { plain { lsg.enabled = false }, lsg { evaluate.prototypes = none } }
      }
      """;

  @TempDir Path work;

  /** What Spark's user interface calls the jobs. */
  private final List<String> jobs = Collections.synchronizedList(new ArrayList<>());

  private final SparkListener listener =
      new SparkListener() {
        @Override
        public void onJobStart(SparkListenerJobStart job) {
          jobs.add(job.properties().getProperty("spark.job.description"));
        }
      };

  private JsonNode run(Stage target, Map<String, String> overrides) throws IOException {
    return run(Goal.of(Stages.of(List.of()), target), overrides);
  }

  private JsonNode run(Goal goal, Map<String, String> overrides) throws IOException {
    try (SparkLauncher spark = new SparkLauncher("local[2]", Map.of())) {
      spark.session().sparkContext().addSparkListener(listener);
      RunRecord record =
          new PipelineRun(SettingsLoader.load(TINY, overrides), work.toString(), spark)
              .execute(goal);
      assertThat(record.summary()).isNotBlank();
    }
    return new ObjectMapper().readTree(Files.readString(work.resolve("run.json")));
  }

  /** Stages of all variants that were really run, as "method seed stage". */
  private static List<String> worked(JsonNode run) {
    List<String> worked = new ArrayList<>();
    for (JsonNode variant : run.get("runs")) {
      variant
          .get("stages")
          .properties()
          .forEach(
              stage -> {
                if (!stage.getValue().get("skipped").asBoolean()) {
                  worked.add(
                      variant.get("method").asText()
                          + " "
                          + variant.get("seed").asLong()
                          + " "
                          + stage.getKey());
                }
              });
    }
    return worked;
  }

  /** What help says that a stage writes is all that lies in its output. */
  private static void requireDeclaredFiles(JsonNode made) throws IOException {
    for (Stage stage : Stages.of(List.of()).commands()) {
      if (!made.has(stage.name())) {
        continue;
      }
      Set<String> declared = new HashSet<>(Set.of("manifest.json"));
      stage.writes().keySet().forEach(names -> declared.addAll(List.of(names.split(", "))));
      String folder = made.get(stage.name()).get("path").asText().replaceFirst("^file:", "");
      try (Stream<Path> files = Files.list(Path.of(folder))) {
        assertThat(files)
            .extracting(
                file -> file.getFileName().toString() + (Files.isDirectory(file) ? "/" : ""))
            .filteredOn(file -> !file.startsWith("."))
            .as(stage.name())
            .isSubsetOf(declared)
            .hasSizeGreaterThan(2);
      }
    }
  }

  /** The closed form beside the trainings: made once for each seed, and a row of the same table. */
  @Test
  @Tag("long-1")
  void theClosedFormStandsInTheSameTable() throws IOException {
    Goal all = Goal.run(Stages.of(List.of()));
    JsonNode run = run(all, Map.of("head.enabled", "true"));
    assertThat(run.get("metrics").fieldNames())
        .toIterable()
        .contains("plain", "lsg", "closed-form");
    assertThat(run.at("/metrics/closed-form/runs")).hasSize(2);
    assertThat(folders("features")).hasSize(2);
    assertThat(folders("head")).hasSize(2);
    assertThat(folders("evaluate-head")).hasSize(2);
    requireDeclaredFiles(run.get("stages"));
    JsonNode without = run(all, Map.of("train.enabled", "false", "lsg.enabled", "false"));
    assertThat(without.get("stages").fieldNames())
        .toIterable()
        .containsExactly("prepare", "embed", "features", "head", "evaluate", "predict", "report");
    requireDeclaredFiles(without.get("stages"));
    assertThat(folders("head")).hasSize(2);
    assertThat(without.at("/metrics/plain/mean").asDouble())
        .isEqualTo(run.at("/metrics/closed-form/mean").asDouble());
  }

  /** The model is chosen by folds, measured, and named; its rivals stand in the same table. */
  @Test
  @Tag("long-2")
  void theBestModelIsKeptAndItsRivalsAreMeasured() throws IOException {
    Goal all = Goal.run(Stages.of(List.of()));
    Map<String, String> best =
        Map.of(
            "train.keep", "best",
            "train.start", "best",
            "train.trials.folds", "2",
            "compare.seeds", "[1]");
    JsonNode run = run(all, best);
    assertThat(run.get("metrics").fieldNames())
        .toIterable()
        .contains("plain", "lsg", "plain, trained", "lsg, trained", "closed-form");
    assertThat(run.at("/stages").fieldNames())
        .toIterable()
        .contains("features", "head", "trials", "train", "keep", "evaluate", "evaluate-head")
        .contains("evaluate-train", "predict", "report");
    requireDeclaredFiles(run.get("stages"));
    String keep = run.at("/stages/keep/path").asText();
    assertThat(run.get("model").asText()).isEqualTo(keep);
    String metrics =
        Files.readString(Path.of(keep.replaceFirst("^file:", "")).resolve("metrics.json"));
    assertThat(metrics).contains("2 folds", "candidates");
    assertThat(worked(run(all, best))).isEmpty();
    JsonNode head = run(all, Map.of("train.keep", "head", "compare.seeds", "[1]"));
    assertThat(head.get("model").asText()).isEqualTo(head.at("/stages/head/path").asText());
    assertThat(head.at("/metrics/lsg/mean").asDouble())
        .isEqualTo(head.at("/metrics/closed-form/mean").asDouble());
  }

  @Test
  @Tag("long-7")
  void runsOnceThenSkipsThenRepeatsWhatAChangedKeyTouches() throws IOException {
    JsonNode first = run(Stages.REPORT, Map.of());
    assertThat(first.get("stages").fieldNames())
        .toIterable()
        .containsExactly(
            "prepare", "embed", "graph", "gcn", "train", "evaluate", "predict", "report");
    requireDeclaredFiles(first.get("stages"));
    String name = work.getFileName().toString();
    assertThat(jobs)
        .doesNotContainNull()
        .contains(
            "prepare, " + name + ", lsg, seed 1: read and check 50 files",
            "embed, " + name + ", lsg, seed 1: write 25 vectors",
            "graph, " + name + ", lsg, seed 1: find edges of 15 nodes",
            "train, " + name + ", lsg, seed 2: fine-tune the backbone",
            "evaluate, " + name + ", lsg, seed 2: classify the test samples");
    for (String method : List.of("plain", "lsg")) {
      JsonNode metrics = first.get("metrics").get(method);
      assertThat(metrics.get("mean").asDouble()).isBetween(0.0, 100.0);
      assertThat(metrics.get("runs")).hasSize(2);
      assertThat(metrics.get("se").isNumber()).isTrue();
    }
    for (JsonNode stage : first.get("stages")) {
      assertThat(Path.of(stage.get("path").asText()).resolve("manifest.json")).isRegularFile();
    }
    assertThat(first.get("runs")).hasSize(4);
    assertThat(Path.of(first.at("/stages/report/path").asText()).resolve("index.html"))
        .content()
        .contains("What changed")
        .contains("lsg against plain");
    assertThat(Path.of(first.at("/stages/report/path").asText()).resolve("explanation.json"))
        .content()
        .contains("\"label_graph\" : \"text\"");
    // Two seeds of the data, one pretraining on data of its own.
    assertThat(folders("prepare")).hasSize(3);
    assertThat(folders("embed")).hasSize(1);
    assertThat(folders("graph")).hasSize(1);
    assertThat(folders("gcn")).hasSize(2);
    assertThat(folders("train")).hasSize(5);

    assertThat(worked(run(Stages.REPORT, Map.of()))).isEmpty();

    JsonNode changed = run(Stages.REPORT, Map.of("lsg.regularization-weight", "2"));
    assertThat(worked(changed))
        .containsExactly(
            "lsg 1 train",
            "lsg 1 evaluate",
            "lsg 2 train",
            "lsg 2 evaluate",
            "lsg 2 predict",
            "lsg 2 report");
  }

  private List<Path> folders(String stage) throws IOException {
    try (var entries = Files.list(work.resolve(stage))) {
      return entries.toList();
    }
  }
}
