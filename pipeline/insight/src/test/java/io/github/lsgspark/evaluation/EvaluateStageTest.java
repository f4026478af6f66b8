package io.github.lsgspark.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.PrepareStage;
import io.github.lsgspark.embedding.EmbedStage;
import io.github.lsgspark.gcn.GcnStage;
import io.github.lsgspark.graph.GraphStage;
import io.github.lsgspark.report.ReportInput;
import io.github.lsgspark.report.ReportStage;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.training.TrainStage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All stages after one another on a handful of drawn pictures, down to the page. */
@Tag("long-1")
class EvaluateStageTest {
  private static final SparkSession SPARK = LocalSpark.session();

  @TempDir Path folder;

  private String path(String stage) {
    return folder.resolve(stage).toString();
  }

  @Test
  @SuppressWarnings("unchecked")
  void fromClassNamesToAPage() throws Exception {
    Settings settings =
        SettingsLoader.parse(
            """
            data {
              train = "drawn:novel", validation-fraction = 0.25, label-budget = 4
              drawn { novel-classes = 5, train-per-class = 12, test-per-class = 4 }
            }
            embedding.encoder = lexical
            prompts { train = 4, heldout = 2 }
            graph.edge-ratio = 0.2
            gcn { iterations = 100, evaluate-every = 50 }
            train {
              backbone = small-cnn, image-size = 32, global-batch = 8, iterations = 60
              learning-rate = 0.05, validate-every = 20, log-every = 10, precision = float32
              schedule.kind = cosine
            }
            evaluate.batch = 7
            report.samples = 8
            """);
    PrepareStage.run(SPARK, settings, path("prepare"));
    LabelSet labels =
        LabelSet.fromJson(Files.readString(folder.resolve("prepare/labels.json")), "labels.json");
    EmbedStage.run(SPARK, settings, labels, path("embed"));
    GraphStage.run(SPARK, settings, path("embed"), path("graph"));
    GcnStage.run(SPARK, settings, path("graph"), path("gcn"));
    TrainStage.run(
        SPARK,
        settings,
        path("prepare"),
        Optional.of(path("graph")),
        Optional.of(path("gcn")),
        Optional.empty(),
        path("train"),
        path("train-running"));

    Map<String, Object> metrics =
        EvaluateStage.run(
            SPARK, settings, path("prepare"), path("train"), path("embed"), path("evaluate"));
    assertThat((Double) metrics.get("accuracy")).as("twice chance").isGreaterThan(0.4);
    assertThat(metrics).containsEntry("samples", 20L).containsEntry("classifier", "head");
    assertThat(metrics).containsKeys("head", "ensemble", "validation", "validation_picked");
    assertThat(((Map<String, Object>) metrics.get("validation")).get("samples")).isEqualTo(15L);
    List<Row> predictions =
        SPARK
            .read()
            .parquet(path("evaluate") + "/predictions")
            .where("split = 'test'")
            .collectAsList();
    long correct = predictions.stream().filter(row -> row.<Boolean>getAs("correct")).count();
    assertThat(correct / 20.0).isEqualTo(metrics.get("accuracy"));

    Map<String, Object> again =
        EvaluateStage.run(
            SPARK, settings, path("prepare"), path("train"), path("embed"), path("again"));
    assertThat(again).isEqualTo(metrics);

    Map<String, Object> predicted =
        PredictStage.run(
            SPARK, settings, path("prepare"), path("train"), Optional.empty(), path("predict"));
    // 12 per class, a quarter for validation, 4 labelled.
    assertThat(predicted).containsEntry("samples", 5L * (12 - 3 - 4)).containsEntry("rejected", 0L);

    ReportStage.run(
        SPARK,
        settings,
        new ReportInput(
            "title",
            "seed = 1",
            true,
            path("prepare"),
            path("embed"),
            Optional.of(path("graph")),
            "lsg",
            List.of(
                new ReportInput.Run("lsg", 1, path("train"), path("evaluate"), Optional.empty()))),
        path("report"));
    String page = Files.readString(folder.resolve("report/index.html"));
    assertThat(page).contains("Cross entropy").contains("<figure").doesNotContain("What changed");
    assertThat(folder.resolve("report/explanation.json")).doesNotExist();
    String keep = System.getProperty("lsg.keep.page");
    if (keep != null) {
      Files.writeString(Path.of(keep), page);
    }
  }
}
