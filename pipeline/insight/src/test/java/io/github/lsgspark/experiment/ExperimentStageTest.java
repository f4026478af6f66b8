package io.github.lsgspark.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.config.ExperimentSettings;
import io.github.lsgspark.config.ExperimentSettings.Split;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.testing.LocalSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the stage experiment writes of its runs: tables, pages, curves and rows. */
@Tag("long-1")
class ExperimentStageTest {
  private static final SparkSession SPARK = LocalSpark.session();

  @TempDir Path folder;
  private TinyExperiment experiment;

  @BeforeEach
  void begin() {
    experiment = new TinyExperiment(folder);
  }

  private static JsonNode cell(JsonNode table, String budget, String method, boolean prototypes) {
    for (JsonNode cell : table.get("cells")) {
      if (cell.get("budget").asText().equals(budget)
          && cell.get("method").asText().equals(method)
          && cell.get("prototypes").asBoolean() == prototypes) {
        return cell;
      }
    }
    throw new AssertionError(budget + " " + method + " is not in the table");
  }

  @Test
  void theTableComparesMethodsOverTheSeedsThatBothHave() throws Exception {
    String method = "a|<b>";
    double[] plain = {0.40, 0.44, 0.42};
    double[] other = {0.41, 0.46, 0.48};
    for (int seed = 1; seed <= 3; seed++) {
      experiment.run(0, "plain", seed, plain[seed - 1], "");
      experiment.run(0, method, seed, other[seed - 1], ",\"ensemble\":{\"accuracy\":0.6}");
    }
    experiment.run(1, "plain", 1, 0.7, "");
    experiment.run(1, method, 1, 0.8, "");
    experiment.run(1, method, 2, 0.9, "");
    Path out = folder.resolve("out");
    JsonNode table = experiment.make(out);

    JsonNode first = cell(table, "4", "plain", false);
    assertThat(first.at("/accuracy/mean").asDouble()).isCloseTo(42, within(1e-9));
    assertThat(first.at("/accuracy/se").asDouble()).isCloseTo(2 / Math.sqrt(3), within(1e-9));
    assertThat(first.get("labels_per_class").asDouble()).isEqualTo(4);
    assertThat(first.has("difference")).isFalse();
    assertThat(first.has("mean_semantic_error")).isFalse();
    JsonNode difference = cell(table, "4", method, false).get("difference");
    // Differences 1, 2, 6: mean 3, standard error sqrt(7 / 3), p = 1 - t / sqrt(2 + t^2).
    double t = 3 / Math.sqrt(7.0 / 3);
    assertThat(difference.get("mean").asDouble()).isCloseTo(3, within(1e-9));
    assertThat(difference.get("se").asDouble()).isCloseTo(Math.sqrt(7.0 / 3), within(1e-9));
    assertThat(difference.get("p").asDouble())
        .isCloseTo(1 - t / Math.sqrt(2 + t * t), within(1e-9));
    assertThat(cell(table, "4", method, true).at("/difference/mean").asDouble())
        .isCloseTo(18, within(1e-9));
    JsonNode lonely = cell(table, "50%", method, false);
    assertThat(lonely.get("n").asInt()).isEqualTo(2);
    assertThat(lonely.at("/difference/n").asInt()).isEqualTo(1);
    assertThat(lonely.at("/difference/p").isNull()).isTrue();
    assertThat(table.get("missing_runs").asInt()).isEqualTo(3);

    assertThat(Files.readString(out.resolve("table.txt")))
        .contains("+3.0 ± 1.5")
        .contains("42.0 ± 1.2")
        .contains("50% (10.0)")
        .contains("n < 3")
        .contains("Failed and missing: 3 of the grid's runs.");
    assertThat(Files.readString(out.resolve("table.md")))
        .contains("| 4 | a\\|<b> | 3 | 45.0 ± 2.1");
    String page = Files.readString(out.resolve("index.html"));
    assertThat(page)
        .contains("A &amp; B")
        .contains("A demonstration")
        .contains("a|&lt;b&gt;+prototypes")
        .contains("3 of 12 runs failed")
        .contains("What changed")
        .contains("a|&lt;b&gt; against plain, 4 labels")
        .contains("a|&lt;b&gt; against plain, 50% labels")
        .contains(
            "Over 3 seeds, a|&lt;b&gt; made 25.0 ± 0.0 fewer errors per 100 test samples than plain"
                + " (25.0 instead of 50.0).")
        .contains("&lt;x&gt; taken for y (50.0 ± 0.0 fewer)")
        .contains("No control")
        .doesNotContain("<b>")
        .doesNotContain("<x>");
    JsonNode changes =
        new ObjectMapper()
            .readTree(Files.readString(out.resolve("explanation.json")))
            .get("comparisons");
    assertThat(changes).hasSize(2);
    assertThat(changes.at("/0/budget").asText()).isEqualTo("4");
    assertThat(changes.at("/0/seeds")).hasToString("[1,2,3]");
    assertThat(changes.at("/1/budget").asText()).isEqualTo("50%");
    assertThat(changes.at("/1/seeds")).hasToString("[1]");
    String svg = Files.readString(out.resolve("learning-curves.svg"));
    assertThat(page).contains(svg);
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(out.resolve("learning-curves.svg").toFile());
    // A mark for each cell.
    assertThat(svg.split("<circle", -1)).hasSize(1 + table.get("cells").size());
    String differences = Files.readString(out.resolve("differences.svg"));
    assertThat(page).contains(differences);
    long paired =
        StreamSupport.stream(table.get("cells").spliterator(), false)
            .filter(cell -> cell.has("difference"))
            .count();
    assertThat(differences.split("<circle", -1)).hasSize(1 + (int) paired);
    // Round numbers, 0 among them.
    assertThat(differences).contains(">0</text>").doesNotContainPattern(">-?\\d+\\.\\d\\d+</text>");

    List<Row> rows = SPARK.read().parquet(out.resolve("runs.parquet").toString()).collectAsList();
    assertThat(rows).hasSize(9);
    Row run =
        rows.stream()
            .filter(r -> r.<String>getAs("method").equals(method) && r.<Long>getAs("seed") == 2)
            .filter(r -> r.<String>getAs("budget").equals("4"))
            .findFirst()
            .orElseThrow();
    assertThat(run.<Integer>getAs("labelled")).isEqualTo(40);
    assertThat(run.<Double>getAs("head_accuracy")).isEqualTo(0.46);
    assertThat(run.<Double>getAs("prototypes_accuracy")).isEqualTo(0.6);
    assertThat(run.<Double>getAs("head_mean_semantic_error")).isNull();
    assertThat(run.<Double>getAs("training_seconds")).isEqualTo(2);
    assertThat(run.<String, String>getJavaMap(run.fieldIndex("stages")))
        .containsKeys("prepare", "train", "evaluate");
    // All classes have labels.
    assertThat(run.<Double>getAs("unseen_loki_harmonic_mean")).isNull();
    assertThat(page).doesNotContain("Classes without labels");
    assertThat(table.has("unseen")).isFalse();
  }

  @Test
  void methodsCanBeChosenWithoutALookAtTheTestSplit() throws Exception {
    String validation = ",\"validation\":{\"head\":{\"accuracy\":0.6}}";
    experiment.run(0, "plain", 1, 0.1, validation);
    experiment.run(0, "a|<b>", 1, 0.2, validation + unseen(0.5, "0.3"));
    Path out = folder.resolve("out");
    JsonNode table = experiment.make(out, Split.VALIDATION);
    assertThat(table.get("split").asText()).isEqualTo("validation");
    assertThat(cell(table, "4", "plain", false).at("/accuracy/mean").asDouble()).isEqualTo(60);
    assertThat(table.has("unseen")).isFalse();
    assertThat(Files.readString(out.resolve("table.txt"))).contains("Validation split;");
    assertThat(Files.readString(out.resolve("index.html")))
        .contains("Result on the validation split")
        .doesNotContain("What changed")
        .doesNotContain("test split");
    Row row = SPARK.read().parquet(out.resolve("runs.parquet").toString()).first();
    assertThat(row.<Double>getAs("head_accuracy")).isEqualTo(0.6);

    experiment.run(0, "plain", 2, 0.1, "");
    assertThatThrownBy(() -> experiment.make(folder.resolve("other"), Split.VALIDATION))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("evaluate0-02")
        .hasMessageContaining("no figures of the validation split");
  }

  @Test
  void overFoldsTheSpreadIsThatOfSingleRuns() throws Exception {
    double[] plain = {0.40, 0.44, 0.42};
    double[] other = {0.41, 0.46, 0.48};
    for (int fold = 1; fold <= 3; fold++) {
      ExperimentSettings.Trial trial = new ExperimentSettings.Trial(1, fold);
      experiment.run(0, "plain", trial, plain[fold - 1], "", "{\"classes\":10}");
      experiment.run(0, "a|<b>", trial, other[fold - 1], "", "{\"classes\":10}");
    }
    Path out = folder.resolve("out");
    JsonNode table = experiment.make(out, Split.TEST, List.of(1, 2, 3));
    JsonNode first = cell(table, "4", "plain", false);
    assertThat(first.get("n").asInt()).isEqualTo(3);
    assertThat(first.at("/accuracy/mean").asDouble()).isCloseTo(42, within(1e-9));
    assertThat(first.at("/accuracy/se").asDouble()).isCloseTo(2 / Math.sqrt(3), within(1e-9));
    // Folds are paired as seeds are: 1, 2 and 6 points.
    JsonNode difference = cell(table, "4", "a|<b>", false).get("difference");
    assertThat(difference.get("mean").asDouble()).isCloseTo(3, within(1e-9));
    assertThat(difference.get("n").asInt()).isEqualTo(3);
    assertThat(Files.readString(out.resolve("table.txt")))
        .contains("mean ± standard deviation over n folds")
        .contains("42.0 ± 2.0")
        .contains("45.0 ± 3.6")
        .contains("+3.0 ± 1.5")
        .doesNotContain("seeds");
    List<Row> rows =
        SPARK
            .read()
            .parquet(out.resolve("runs.parquet").toString())
            .orderBy("method", "fold")
            .collectAsList();
    assertThat(rows.stream().map(row -> row.<Integer>getAs("fold")))
        .containsExactly(1, 2, 3, 1, 2, 3);
    assertThat(rows.get(4).<Double>getAs("head_accuracy")).isEqualTo(0.44);
  }

  private static String unseen(double seen, String harmonic) {
    return ",\"unseen\":{\"unseen_classes\":2,\"prototypes\":{\"seen_accuracy\":"
        + seen
        + ",\"unseen_accuracy\":0.25,\"harmonic_mean\":"
        + harmonic
        + ",\"unseen_only_top1\":0.75,\"unseen_only_top5\":1}}";
  }

  @Test
  void classesWithoutLabelsHaveATableOfTheirOwn() throws Exception {
    String prepared = "{\"classes\":10,\"classes_without_training_sample\":[\"a\",\"b\"]}";
    experiment.run(0, "plain", 1, 0.4, "", prepared);
    experiment.run(0, "a|<b>", 1, 0.5, unseen(0.5, "0.3"), prepared);
    experiment.run(0, "a|<b>", 2, 0.5, unseen(0.7, "null"), prepared);
    Path out = folder.resolve("out");
    JsonNode table = experiment.make(out);
    assertThat(table.get("unseen")).hasSize(1);
    JsonNode cell = table.get("unseen").get(0);
    assertThat(cell.get("method").asText()).isEqualTo("a|<b>");
    assertThat(cell.get("classifier").asText()).isEqualTo("prototypes");
    assertThat(cell.get("n").asInt()).isEqualTo(2);
    assertThat(cell.at("/seen_accuracy/mean").asDouble()).isCloseTo(60, within(1e-9));
    assertThat(cell.at("/seen_accuracy/se").asDouble()).isCloseTo(10, within(1e-9));
    // Not measured in all runs.
    assertThat(cell.has("harmonic_mean")).isFalse();
    // 40 labels of the eight classes that have any.
    assertThat(cell(table, "4", "plain", false).get("labels_per_class").asDouble()).isEqualTo(5);
    assertThat(Files.readString(out.resolve("table.txt")))
        .containsPattern("4 +a\\|<b> +prototypes +2 +60.0 ± 10.0 +25.0 ± 0.0 +– +75.0 ± 0.0 +100.0")
        .contains("2 of 10 classes have no label; guessing among them gives 50.0 %")
        .contains("in five guesses 100.0 %");
    assertThat(Files.readString(out.resolve("table.md")))
        .contains("| 4 | a\\|<b> | prototypes | 2 |");
    assertThat(Files.readString(out.resolve("index.html"))).contains("Classes without labels");
    List<Row> rows =
        SPARK
            .read()
            .parquet(out.resolve("runs.parquet").toString())
            .orderBy("method", "seed")
            .collectAsList();
    assertThat(rows.get(0).<Double>getAs("unseen_prototypes_seen_accuracy")).isEqualTo(0.5);
    assertThat(rows.get(0).<Double>getAs("unseen_prototypes_unseen_only_top1")).isEqualTo(0.75);
    assertThat(rows.get(1).<Double>getAs("unseen_prototypes_harmonic_mean")).isNull();
    assertThat(rows.get(0).<Double>getAs("unseen_head_seen_accuracy")).isNull();
    assertThat(rows.get(2).<Double>getAs("unseen_prototypes_seen_accuracy")).isNull();
  }
}
