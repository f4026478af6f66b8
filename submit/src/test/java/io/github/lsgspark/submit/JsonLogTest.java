package io.github.lsgspark.submit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.submit.Shell.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Log lines as JSON objects. */
@Tag("long-4")
class JsonLogTest {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  @TempDir Path folder;

  @Test
  void eachLineSaysOfWhichRunStageAndReplicaItIs() throws Exception {
    Path config =
        SmallTraining.write(
            folder.resolve("small.conf"), "train.iterations = 2, train.log-every = 1");
    Outcome outcome =
        Shell.run(
            folder,
            Map.of("LSG_LOG", "json"),
            Shell.HOME.resolve("submit/lsg").toString(),
            "train",
            "--config",
            config.toString(),
            "--work-dir",
            folder.resolve("a \"work\"").toString(),
            "--master",
            "local[2]");
    assertThat(outcome.code()).as(outcome.log()).isZero();
    List<JsonNode> lines = new ArrayList<>();
    for (String line : outcome.log().lines().filter(line -> line.startsWith("{")).toList()) {
      lines.add(JSON.readTree(line));
    }
    assertThat(lines)
        .anySatisfy(
            line -> {
              assertThat(line.get("stage").asText()).isEqualTo("prepare");
              assertThat(line.get("run").asText()).isEqualTo("a \"work\"");
              assertThat(line.get("rank").asText()).isEmpty();
              assertThat(line.get("level").asText()).isEqualTo("INFO");
              assertThat(line.get("ts").asText()).startsWith("20");
            })
        .anySatisfy(
            line -> {
              assertThat(line.get("msg").asText()).contains("step");
              assertThat(line.get("stage").asText()).isEqualTo("train");
              assertThat(line.get("rank").asText()).isEqualTo("0");
            });
    assertThat(Shell.run(folder, Map.of("LSG_LOG", "xml"), "submit/lsg", "doctor"))
        .satisfies(
            other -> {
              assertThat(other.code()).isEqualTo(2);
              assertThat(other.log()).contains("LSG_LOG must be console or json, but was: xml");
            });
  }
}
