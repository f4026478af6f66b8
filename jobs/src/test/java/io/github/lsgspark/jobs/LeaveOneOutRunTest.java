package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.evaluation.PredictionTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run without a test split: the labelled samples are left out, one after the other. */
class LeaveOneOutRunTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SMALL =
      """
      data.test-split = none
      train { backbone = small-cnn, image-size = 16, precision = float32, enabled = false
              augmentation.resize-factor = 1 }
      head { enabled = true, choose-by = accuracy, temperature = "0.1" }
      lsg.enabled = false
      embedding.encoder = lexical
      """;

  @TempDir Path folder;

  private static JsonNode json(StageRecord output, String file) throws IOException {
    Path path = Path.of(output.file(file).replaceFirst("^file:", ""));
    return JSON.readTree(Files.readString(path));
  }

  @Test
  void theResultIsWhatTheHeadFindsOfSamplesThatItHasNotSeen() throws IOException {
    // Colours that are hard to tell, and a test split that is left out.
    SmallPictures.write(folder.resolve("p/train"), 5, "red", "dark red", "green");
    SmallPictures.write(folder.resolve("p/test"), 2, "red", "dark red", "green");
    Map<String, String> train = Map.of("data.train", folder.resolve("p").toString());
    try (SparkLauncher spark = new SparkLauncher("local[2]", Map.of());
        PipelineRun run =
            new PipelineRun(
                SettingsLoader.load(SMALL, train), folder.resolve("w").toString(), spark)) {
      Goal goal = Goal.run(run.stages());
      run.check(goal);
      RunRecord record = run.execute(goal);
      assertThat(record.summary()).contains("left-out accuracy, %").contains("No test split");
      Map<Stage, StageRecord> stages = record.head().stages();
      JsonNode evaluated = json(stages.get(Stages.EVALUATE), "metrics.json");
      JsonNode head = json(stages.get(Stages.HEAD), "metrics.json");
      assertThat(evaluated.get("judged_by").asText()).isEqualTo("leave-one-out");
      assertThat(evaluated.get("samples").asLong()).isEqualTo(15);
      assertThat(evaluated.get("accuracy").asDouble())
          .isEqualTo(head.get("leave_one_out_accuracy").asDouble(), within(1e-9));
      List<Row> rows =
          PredictionTable.judged(spark.session(), stages.get(Stages.EVALUATE).path())
              .collectAsList();
      assertThat(rows).hasSize(15);
      assertThat(rows).extracting(row -> row.getAs("split")).containsOnly("leave-one-out");
      assertThat(rows.stream().filter(row -> row.<Boolean>getAs("correct")).count())
          .isEqualTo(Math.round(15 * evaluated.get("accuracy").asDouble()));
      Path page = Path.of(stages.get(Stages.REPORT).file("index.html").replaceFirst("^file:", ""));
      assertThat(page).content().contains("Result by leave-one-out").contains("<figure");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train.enabled = true",
        "head.kind = gda",
        "head.unlabelled = spread",
        "head.text-prior = auto"
      })
  void whatIsNotExactIsRefusedBeforeAnythingIsMade(String setting) throws IOException {
    SmallPictures.write(folder.resolve("p"), 3, "red", "green");
    try (SparkLauncher spark = new SparkLauncher("local[2]", Map.of());
        PipelineRun run =
            new PipelineRun(
                SettingsLoader.load(
                    SMALL + setting, Map.of("data.train", folder.resolve("p").toString())),
                folder.resolve("w").toString(),
                spark)) {
      assertThatThrownBy(() -> run.check(Goal.run(run.stages())))
          .isInstanceOfSatisfying(LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(2))
          .hasMessageContaining("data.test-split = none");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data.test-fraction = 0.2",
        "data.test = other",
        "data { fold = 1, fold-pattern = \"(.)\" }"
      })
  void nothingElseMayAskForATestSplit(String setting) {
    assertThatThrownBy(() -> SettingsLoader.load(SMALL + setting, Map.of()))
        .isInstanceOfSatisfying(LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(2))
        .hasMessageContaining("test-split = none");
  }
}
