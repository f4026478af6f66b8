package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.report.ReportStage;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What MLflow is told of a run with two methods. */
@Tag("long-5")
class TrackingTest {
  private static final SparkLauncher SPARK = new SparkLauncher("local[2]", Map.of());

  private static final String METHODS =
      TinyRun.HOCON
          + """
          compare { seeds = [1], methods { plain { lsg.enabled = false }, "方法" {} } }
          """;

  @TempDir Path folder;

  private MlflowServer server;

  @BeforeEach
  void start() throws Exception {
    server = new MlflowServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RunRecord run(String address) {
    Loaded loaded =
        SettingsLoader.load(
            METHODS, Map.of("tracking.mlflow", address, "tracking.experiment", "flowers"));
    try (PipelineRun run = new PipelineRun(loaded, folder.resolve("work").toString(), SPARK)) {
      Goal goal = Goal.run(run.stages());
      run.check(goal);
      RunRecord record = run.execute(goal);
      run.tell(record);
      return record;
    }
  }

  @Test
  void settingsMetricsHistoryAndPageAreToldOnce() throws Exception {
    RunRecord record = run(server.address() + "/");
    assertThat(server.told()).hasSize(3).allMatch(run -> run.status.equals("FINISHED"));
    MlflowServer.Told whole = server.told().get(0);
    assertThat(whole.tags)
        .containsEntry("mlflow.runName", "work")
        .containsKeys("lsg.version", "lsg.work-dir");
    assertThat(whole.params)
        .containsEntry("train.global-batch", "4")
        .doesNotContainKeys("train.momentum", "tracking.mlflow");
    assertThat(whole.metrics).containsKeys("plain/mean", "方法/mean");
    StageRecord page = record.head().stages().get(Stages.REPORT);
    assertThat(server.files).containsOnlyKeys("1/run0/artifacts/index.html");
    assertThat(server.files.get("1/run0/artifacts/index.html"))
        .isEqualTo(
            Files.readAllBytes(Path.of(page.file(ReportStage.PAGE).replaceFirst("^file:", ""))));
    for (int i = 0; i < 2; i++) {
      MlflowServer.Told part = server.told().get(i + 1);
      RunStages stages = record.runs().get(i);
      JsonNode evaluation =
          Json.read(new HadoopFiles(SPARK.hadoop()), stages.stage("evaluate").file("metrics.json"));
      JsonNode history =
          Json.read(new HadoopFiles(SPARK.hadoop()), stages.stage("train").file("metrics.json"));
      assertThat(part.tags).containsEntry("mlflow.parentRunId", "run0");
      assertThat(part.params).containsEntry("method", stages.method()).containsEntry("seed", "1");
      assertThat(part.metrics.get("accuracy").get(0).path("value").asDouble())
          .isEqualTo(evaluation.path("accuracy").asDouble());
      List<JsonNode> losses = part.metrics.get("train/ce");
      assertThat(losses).hasSameSizeAs(history.path("history"));
      assertThat(losses.get(0).path("value").asDouble())
          .isEqualTo(history.at("/history/0/ce").asDouble());
      assertThat(losses.get(0).path("step").asLong())
          .isEqualTo(history.at("/history/0/step").asLong());
    }
    run(server.address());
    assertThat(server.told()).as("what is told is not told again").hasSize(3);
  }

  @Test
  void aServerThatRefusesLeavesWhatWasMadeAndIsToldBySecondRun() {
    server.refuses = true;
    LsgException refused = catchThrowableOfType(LsgException.class, () -> run(server.address()));
    assertThat(refused.exitCode()).isEqualTo(LsgException.ENVIRONMENT);
    assertThat(refused).hasMessageContaining("refused").hasMessageContaining("repeated run");
    assertThat(server.told().get(0).status).isEqualTo("FAILED");
    server.refuses = false;
    RunRecord again = run(server.address());
    assertThat(again.head().stages().values()).allMatch(StageRecord::skipped);
    assertThat(server.told()).hasSize(4).filteredOn(t -> t.status.equals("FINISHED")).hasSize(3);
  }

  @Test
  void anAddressThatIsNoneOrWhereNobodyAnswersIsToldBeforeAnythingIsMade() throws Exception {
    LsgException none = catchThrowableOfType(LsgException.class, () -> run("mlflow.example"));
    assertThat(none.exitCode()).isEqualTo(LsgException.USAGE);
    LsgException secret =
        catchThrowableOfType(LsgException.class, () -> run("http://me:word@mlflow.example"));
    assertThat(secret.exitCode()).isEqualTo(LsgException.USAGE);
    assertThat(secret.getMessage()).contains("MLFLOW_TRACKING_USERNAME").doesNotContain("word@");
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    LsgException silent =
        catchThrowableOfType(LsgException.class, () -> run("http://127.0.0.1:" + free));
    assertThat(silent.exitCode()).isEqualTo(LsgException.ENVIRONMENT);
    assertThat(silent).hasMessageContaining("127.0.0.1:" + free);
    server.createExperiment("flowers");
    server.deleted = true;
    LsgException deleted = catchThrowableOfType(LsgException.class, () -> run(server.address()));
    assertThat(deleted).hasMessageContaining("was deleted").hasMessageContaining("flowers");
    assertThat(folder.resolve("work/prepare")).doesNotExist();
  }
}
