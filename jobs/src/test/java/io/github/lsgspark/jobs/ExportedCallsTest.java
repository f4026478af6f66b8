package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a scheduler gets to run a configuration stage by stage. */
class ExportedCallsTest {
  private static final String TRAINING_ALONE = "train { start = random, keep = trained }\n";

  @TempDir Path folder;

  private record Outcome(int code, String out, String log) {}

  private Outcome call(String command, String hocon, String... more) throws IOException {
    Path config = Files.writeString(folder.resolve("c.conf"), hocon);
    List<String> words =
        new ArrayList<>(List.of("spark-submit", "/lsg.jar", "/home", command, "--config"));
    words.addAll(List.of(config.toString(), "--work-dir", folder.resolve("w").toUri().toString()));
    words.addAll(List.of("--master", "yarn", "--deploy-mode", "cluster"));
    words.addAll(List.of(more));
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
      int code = SubmitCall.execute(words.toArray(String[]::new));
      return new Outcome(
          code, printed.toString(StandardCharsets.UTF_8), log.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  private JsonNode exported(String hocon) throws IOException {
    Outcome outcome = call("run", hocon, "--export", "--dry-run");
    assertThat(outcome.code()).as(outcome.log()).isZero();
    return new ObjectMapper().readTree(outcome.out());
  }

  private Map<String, String> needs(String hocon) throws IOException {
    Map<String, String> needs = new LinkedHashMap<>();
    exported(hocon)
        .get("stages")
        .properties()
        .forEach(
            stage -> {
              List<String> names = new ArrayList<>();
              stage.getValue().get("needs").forEach(name -> names.add(name.textValue()));
              needs.put(stage.getKey(), String.join(" ", names));
            });
    return needs;
  }

  @Test
  void everyStageHasTheCallThatItsOwnDryRunPrints() throws IOException {
    String hocon = "seed = 4, cluster.gpus-per-executor = 2, data.train = \"drawn:base\"";
    JsonNode exported = exported(hocon);
    assertThat(exported.get("format").intValue()).isEqualTo(1);
    assertThat(exported.get("config").textValue())
        .startsWith(exported.get("work_dir").textValue() + "/submitted/c-");
    assertThat(exported.get("stages").size()).isEqualTo(14);
    for (Map.Entry<String, JsonNode> stage : exported.get("stages").properties()) {
      Outcome dry = call(stage.getKey(), hocon, "--dry-run=json");
      assertThat(stage.getValue().get("call")).isEqualTo(new ObjectMapper().readTree(dry.out()));
    }
    assertThat(folder.resolve("w")).doesNotExist();
  }

  @Test
  void aStageNeedsWhatItReads() throws IOException {
    assertThat(needs(TRAINING_ALONE))
        .containsExactly(
            Map.entry("prepare", ""),
            Map.entry("embed", "prepare"),
            Map.entry("graph", "embed"),
            Map.entry("gcn", "graph"),
            Map.entry("train", "gcn"),
            Map.entry("evaluate", "train"),
            Map.entry("predict", "train"),
            Map.entry("report", "evaluate predict"));
    assertThat(needs("seed = 1"))
        .containsEntry("trials", "gcn head")
        .containsEntry("train", "trials")
        .containsEntry("keep", "train")
        .containsEntry("evaluate", "keep")
        .containsEntry("evaluate-head", "embed head")
        .containsEntry("evaluate-train", "train");
  }

  @Test
  void withALabelFileTheGraphNeedsNoSamples() throws IOException {
    assertThat(needs(TRAINING_ALONE + "labels.file = \"hdfs:///names.txt\""))
        .containsEntry("embed", "")
        .containsEntry("train", "prepare gcn");
  }

  @Test
  void withoutGuidanceThereIsNoGraphUnlessAMethodOfAComparisonHasIt() throws IOException {
    assertThat(needs(TRAINING_ALONE + "lsg.enabled = false"))
        .doesNotContainKeys("graph", "gcn")
        .containsEntry("train", "prepare")
        .containsEntry("evaluate", "embed train");
    assertThat(
            needs(
                TRAINING_ALONE
                    + "lsg.enabled = false, compare.methods { plain {}, guided { lsg.enabled = true } }"))
        .containsEntry("train", "gcn");
  }

  @Test
  void onlyAWholeRunIsExported() throws IOException {
    Outcome outcome = call("train", "seed = 1", "--export");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.log()).contains("--export goes with run");
    assertThat(folder.resolve("w")).doesNotExist();
  }
}
