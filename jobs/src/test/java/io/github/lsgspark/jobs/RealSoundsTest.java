package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A grid over folds of real sounds, with published weights, cut short. */
@Tag("real-data")
@Tag("long-8")
class RealSoundsTest {
  private static final Path SHARED = Path.of(System.getProperty("lsg.shared.dir"));
  private static final int HEADER = 44;

  @TempDir Path folder;

  private List<Path> all(String stage, int count) throws IOException {
    try (var found = Files.list(folder.resolve("work").resolve(stage))) {
      List<Path> whole =
          found.filter(path -> !path.getFileName().toString().startsWith("_")).sorted().toList();
      assertThat(whole).hasSize(count);
      return whole;
    }
  }

  private static JsonNode json(Path path) throws IOException {
    return new ObjectMapper().readTree(path.toFile());
  }

  @Test
  void esc10OverTwoFoldsWithUnusableFilesAmongThem() throws Exception {
    Path sounds = folder.resolve("sounds");
    ZipFiles.unpack(SHARED.resolve("data/audio/esc10-16k-subset.zip"), sounds);
    Path rain = sounds.resolve("Rain");
    byte[] good;
    try (var files = Files.list(rain)) {
      good = Files.readAllBytes(files.sorted().findFirst().orElseThrow());
    }
    byte[] silent = good.clone();
    Arrays.fill(silent, HEADER, silent.length, (byte) 0);
    Files.write(rain.resolve("3-silent.wav"), silent);
    Files.write(rain.resolve("3-nothing.wav"), new byte[0]);
    Files.write(rain.resolve("4-half.wav"), Arrays.copyOf(good, good.length / 2));
    Files.writeString(rain.resolve("4-page.wav"), "<!DOCTYPE html><html></html>");

    String weights = "data/models/squeezenet-imagenet-notop/squeezenet1_1_notop.safetensors";
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("experiment", "--config", Path.of("../conf/esc10.conf").toString()));
    arguments.addAll(List.of("--work-dir", folder.resolve("work").toString()));
    for (String change :
        List.of(
            "data.train=" + sounds,
            "train.weights=" + SHARED.resolve(weights),
            "prepare.max-bad-fraction=0.05",
            "experiment.folds=[1, 4]",
            "experiment.only=[plain, lsg]",
            "gcn.iterations=200",
            "train.iterations=25")) {
      arguments.addAll(List.of("-D", change));
    }
    assertThat(Lsg.execute(arguments.toArray(String[]::new))).isZero();

    Path table = all("experiment", 1).get(0);
    assertThat(Files.readString(table.resolve("table.txt"), StandardCharsets.UTF_8))
        .contains("mean ± standard deviation over n folds");
    JsonNode cells = json(table.resolve("table.json")).get("cells");
    for (JsonNode cell : cells) {
      assertThat(cell.get("n").asInt()).isEqualTo(2);
      // Chance is 10 %.
      assertThat(cell.at("/accuracy/mean").asDouble()).as(cell.toString()).isGreaterThan(25);
    }
    assertThat(cells).hasSize(3);

    Set<String> tested = new HashSet<>();
    for (Path prepared : all("prepare", 2)) {
      assertThat(json(prepared.resolve("metrics.json")).get("rejected").toString())
          .isEqualTo("{\"EMPTY_FILE\":1,\"NOT_MEDIA\":1,\"SILENT\":1,\"TRUNCATED\":1}");
      tested.add(testFold(prepared));
    }
    assertThat(tested).containsExactlyInAnyOrder("1", "4");
    for (Path train : all("train", 4)) {
      // The network waits for its first batch, and hardly for another.
      for (JsonNode line : json(train.resolve("metrics.json")).get("history")) {
        assertThat(line.get("wait_share").asDouble()).isLessThan(0.2);
      }
    }
  }

  /** The one fold that all test samples are of, and none of the others. */
  private static String testFold(Path prepared) {
    try (SparkLauncher spark = new SparkLauncher("local[2]", Map.of())) {
      SparkSession session = spark.session();
      Set<String> test = new HashSet<>();
      Set<String> others = new HashSet<>();
      List<Row> rows =
          session
              .read()
              .parquet(prepared.resolve("samples").toString())
              .select("id", "split")
              .collectAsList();
      for (Row row : rows) {
        String fold = row.getString(0).replaceFirst(".*/", "").substring(0, 1);
        (row.getString(1).equals("test") ? test : others).add(fold);
      }
      assertThat(test).hasSize(1);
      assertThat(others).hasSize(4).doesNotContainAnyElementsOf(test);
      return test.iterator().next();
    }
  }
}
