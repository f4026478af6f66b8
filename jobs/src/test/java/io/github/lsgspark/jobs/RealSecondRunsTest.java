package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A work directory that is used again with another configuration. */
@Tag("real-data")
class RealSecondRunsTest {
  private static final Path CASES = Path.of(System.getProperty("lsg.shared.dir"), "cases-av");

  @TempDir Path work;

  private RunRecord prepare(SparkLauncher spark, int rate) {
    Loaded loaded =
        SettingsLoader.load(
            CASES.resolve("a.conf"),
            Map.of(
                "data.train", CASES.resolve("r3-bats").toString(),
                "prepare.max-bad-fraction", "0.9",
                "audio.rate", Integer.toString(rate)));
    return new PipelineRun(loaded, work.toString(), spark).execute(Stages.PREPARE);
  }

  private static StageRecord prepared(RunRecord run) {
    return run.head().stages().get(Stages.PREPARE);
  }

  private static JsonNode metrics(RunRecord run) throws Exception {
    return new ObjectMapper()
        .readTree(Path.of(prepared(run).file("metrics.json").replace("file:", "")).toFile());
  }

  /** Calls of bats at 40 kHz are silence to one who listens at 16,000 samples per second. */
  @Test
  void soundsAreJudgedAnewAtAnotherRate() throws Exception {
    StageRecord first;
    try (SparkLauncher spark = new SparkLauncher("local[2]", Map.of())) {
      RunRecord low = prepare(spark, 16_000);
      first = prepared(low);
      assertThat(metrics(low).get("rejected").toString()).isEqualTo("{\"SILENT\":6}");

      RunRecord high = prepare(spark, 192_000);
      assertThat(prepared(high).skipped()).isFalse();
      assertThat(metrics(high).get("files").asInt()).isEqualTo(9);
      assertThat(metrics(high).get("rejected").toString()).isEqualTo("{}");
    }
    try (SparkLauncher unused = new SparkLauncher("local[2]", Map.of())) {
      StageRecord again = prepared(prepare(unused, 16_000));
      assertThat(again.skipped()).isTrue();
      assertThat(again.path()).isEqualTo(first.path());
      assertThat(SparkSession.getDefaultSession().isEmpty()).isTrue();
    }
  }
}
