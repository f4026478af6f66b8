package io.github.lsgspark.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.PrepareStage;
import io.github.lsgspark.embedding.EmbedStage;
import io.github.lsgspark.evaluation.PredictionTable;
import io.github.lsgspark.graph.GraphStage;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.testing.Browser;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.text.LabelSet;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("long-5")
class ReportStageTest {
  private static final SparkSession SPARK = LocalSpark.session();

  @TempDir Path folder;

  private ReportInput.Run run(String method, long seed, double accuracy, boolean prototypes)
      throws Exception {
    String name = method.replaceAll("\\W", "") + seed;
    Path train = Files.createDirectories(folder.resolve("train-" + name));
    Files.writeString(
        train.resolve("metrics.json"),
        "{\"history\":[{\"step\":1,\"ce\":2.5},{\"step\":2,\"ce\":1.25,\"reg\":1.1}]}");
    Path evaluate = Files.createDirectories(folder.resolve("evaluate-" + name));
    Files.writeString(
        evaluate.resolve("metrics.json"),
        "{\"classifier\":\"head\",\"ece\":0.1,\"accuracy\":"
            + accuracy
            + ",\"top5\":1,\"calibration\":[{\"confidence\":0.75,\"accuracy\":0.5,\"count\":12}],"
            + "\"per_class\":{}"
            + (prototypes
                ? ",\"ensemble\":{\"accuracy\":0.9},\"unseen\":{\"seen_classes\":4,"
                    + "\"unseen_classes\":2,\"prototypes\":{\"seen_accuracy\":0.51,"
                    + "\"unseen_accuracy\":0.22,\"harmonic_mean\":0.307,"
                    + "\"unseen_only_top1\":0.655,\"unseen_only_top5\":null}}"
                : "")
            + "}");
    return new ReportInput.Run(
        method, seed, train.toString(), evaluate.toString(), Optional.empty());
  }

  /** All wrong, or every other one. */
  private static void predictions(String prepareDir, String evaluateDir, boolean half) {
    List<Row> rows = new ArrayList<>();
    for (Row sample :
        SPARK
            .read()
            .parquet(HadoopFiles.path(prepareDir, "samples"))
            .filter("split = 'test'")
            .select("id", "label_id", "label")
            .orderBy("id")
            .collectAsList()) {
      boolean right = half && rows.size() % 2 == 0;
      rows.add(
          RowFactory.create(
              sample.getString(0),
              "test",
              sample.getInt(1),
              sample.getString(2),
              right,
              right ? sample.getInt(1) : (sample.getInt(1) + 1) % 6,
              "taken",
              0.75,
              new Integer[] {0},
              new Double[] {0.75}));
    }
    SPARK
        .createDataFrame(rows, PredictionTable.LABELLED)
        .write()
        .parquet(HadoopFiles.path(evaluateDir, PredictionTable.FOLDER));
  }

  @Test
  void thePageHoldsEverythingItself() throws Exception {
    Settings settings =
        SettingsLoader.parse(
            "data { train = \"drawn:novel\", drawn { novel-classes = 6, train-per-class = 2,"
                + " test-per-class = 2 } }\n"
                + "embedding.encoder = lexical, prompts { train = 3, heldout = 1 }, report.samples = 6, graph.edge-ratio = 0.4");
    String prepare = folder.resolve("prepare").toString();
    String embed = folder.resolve("embed").toString();
    PrepareStage.run(SPARK, settings, prepare);
    LabelSet labels =
        LabelSet.fromJson(Files.readString(folder.resolve("prepare/labels.json")), "labels.json");
    EmbedStage.run(SPARK, settings, labels, embed);
    String graph = folder.resolve("graph").toString();
    GraphStage.run(SPARK, settings, embed, graph);
    List<ReportInput.Run> runs =
        List.of(
            run("plain", 1, 0.5, false), run("plain", 2, 0.6, false), run("<lsg>", 1, 0.8, true));
    for (ReportInput.Run run : runs) {
      predictions(prepare, run.evaluateDir(), run.method().equals("<lsg>"));
      Files.writeString(Path.of(run.trainDir()).resolve("labels.json"), labels.toJson());
    }
    Path out = folder.resolve("out");
    ReportStage.run(
        SPARK,
        settings,
        new ReportInput(
            "A \"title\" & more",
            "seed = 1 # <none>",
            true,
            prepare,
            embed,
            Optional.of(graph),
            "plain",
            runs),
        out.toString());
    String page = Files.readString(out.resolve("index.html"));
    assertThat(page)
        .contains("A &quot;title&quot; &amp; more")
        .contains("A demonstration")
        .contains("55.0 ± 5.0")
        .contains("80.0")
        .contains("90.0")
        .contains("&lt;lsg&gt;, seed 1")
        .contains("confusion matrix of 6 classes", "The calibration error, the", "is 10.0 %")
        .contains("<h3>Most certain</h3>", "<h3>Wrong, and most certain</h3>", "Least certain")
        .contains(labels.label(0).name())
        .contains("seed = 1 # &lt;none&gt;")
        .contains("stroke:#2b6cb0")
        .contains("<th scope=\"row\" class=\"name\">nodes</th><td class=\"name\">18</td>")
        .contains(">components</th>")
        .contains("2 of 6 classes have no label")
        .contains("guessing gives 50.0 %")
        .contains(
            ">&lt;lsg&gt;</th><td class=\"name\">prototypes</td><td>51.0</td><td>22.0</td><td>30.7</td>"
                + "<td>65.5</td><td>–</td></tr>")
        .contains("<a href=\"#what-changed\">What changed</a>", "<h2 id=\"what-changed\">")
        .contains("<meta name=\"viewport\"")
        .contains("<caption>Methods</caption>")
        .contains("Over 1 seed, &lt;lsg&gt; made 50.0 fewer errors per 100 test samples than plain")
        .contains("Right with every seed of &lt;lsg&gt;, wrong with every seed of plain")
        .containsPattern(
            ">" + labels.label(5).name() + "</th><td class=\"name\">[^<]* 0\\.\\d\\d, ")
        .doesNotContain("<lsg>")
        .doesNotContain("src=\"http");
    // Some, three kinds of certain ones, those that were fixed; in the table of confusions one of
    // each.
    assertThat(page.split("<figure class=", -1)).hasSize(1 + 5 * 6);
    assertThat(page.split("data:image/png;base64,", -1)).hasSize(1 + 5 * 6 + 6);
    assertThat(pictures(page)).isEqualTo(3 + 4 + 2);
    if (Browser.isExpected()) {
      try (Browser browser =
          new Browser(folder.resolve("profile"), out.resolve("index.html").toUri().toString())) {
        assertThat(browser.barriers()).isEmpty();
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.requests()).allMatch(address -> !address.startsWith("http"));
      }
    }
    JsonNode comparison =
        new ObjectMapper()
            .readTree(Files.readString(out.resolve("explanation.json")))
            .at("/comparisons/0");
    assertThat(comparison.at("/samples/fixed").asLong()).isEqualTo(6);
    assertThat(comparison.has("budget")).isFalse();
  }

  /** Counts the pictures of a page; each must be well-formed. */
  private static int pictures(String page) throws Exception {
    int pictures = 0;
    for (int at = page.indexOf("<svg"); at >= 0; at = page.indexOf("<svg", at + 1)) {
      String svg = page.substring(at, page.indexOf("</svg>", at) + 6);
      DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
      pictures++;
    }
    return pictures;
  }

  @Test
  void joinedNodesLieNearerAndThePictureIsAlwaysTheSame() {
    double[][] weights = new double[6][6];
    for (int[] pair : new int[][] {{0, 1}, {1, 2}, {0, 2}, {3, 4}, {4, 5}, {3, 5}}) {
      weights[pair[0]][pair[1]] = 1;
      weights[pair[1]][pair[0]] = 1;
    }
    double[][] at = ForceLayout.place(weights);
    double near = Math.hypot(at[0][0] - at[1][0], at[0][1] - at[1][1]);
    double far = Math.hypot(at[0][0] - at[4][0], at[0][1] - at[4][1]);
    assertThat(far).isGreaterThan(2 * near);
    assertThat(ForceLayout.place(weights)).isEqualTo(at);
  }
}
