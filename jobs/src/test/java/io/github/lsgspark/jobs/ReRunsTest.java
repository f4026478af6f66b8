package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.config.SettingsLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Second runs on a work directory after something behind it has changed. */
@Tag("real-data")
class ReRunsTest {
  private static final Path CASES =
      Path.of(System.getProperty("lsg.shared.dir")).resolve("cases-av");

  private static SparkLauncher spark;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    spark = new SparkLauncher("local[2]", Map.of());
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  private JsonNode run(Stage target, String... changes) throws IOException {
    Map<String, String> settings = new LinkedHashMap<>();
    for (String change : changes) {
      int equals = change.indexOf('=');
      settings.put(change.substring(0, equals), change.substring(equals + 1));
    }
    new PipelineRun(
            SettingsLoader.load(CASES.resolve("a.conf"), settings), work().toString(), spark)
        .execute(target);
    return new ObjectMapper().readTree(work().resolve("run.json").toFile());
  }

  private Path work() {
    return folder.resolve("w");
  }

  private Path copy(String name) throws IOException {
    Path source = CASES.resolve(name);
    Path target = folder.resolve(name);
    try (Stream<Path> walk = Files.walk(source)) {
      for (Path path : walk.toList()) {
        Path place = target.resolve(source.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(place);
        } else {
          Files.write(place, Files.readAllBytes(path));
        }
      }
    }
    return target;
  }

  private static List<Path> found(Path root, String name) throws IOException {
    try (Stream<Path> walk = Files.walk(root)) {
      return walk.filter(path -> path.getFileName().toString().matches(name)).sorted().toList();
    }
  }

  private static Path output(JsonNode run, String stage) {
    return Path.of(run.at("/stages/" + stage + "/path").asText());
  }

  private static JsonNode metrics(JsonNode run, String stage) {
    try {
      return new ObjectMapper().readTree(output(run, stage).resolve("metrics.json").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean skipped(JsonNode run, String stage) {
    return run.at("/stages/" + stage + "/skipped").asBoolean();
  }

  /** r1-list: exchanged, broken and deleted behind the list, repaired, and all as it was. */
  @Test
  void filesBehindAListAreNoticed() throws IOException {
    Path list = copy("r1-list");
    String[] settings = {
      "data.train=" + list.resolve("train.txt"),
      "data.test=" + list.resolve("test.txt"),
      "prepare.max-bad-fraction=0.5"
    };
    JsonNode first = run(Stages.PREPARE, settings);
    assertThat(metrics(first, "prepare").get("rejected")).isEmpty();
    assertThat(skipped(run(Stages.PREPARE, settings), "prepare")).isTrue();

    Path bell = list.resolve("snd/church_bell0.wav");
    byte[] sound = Files.readAllBytes(bell);
    Files.writeString(bell, "no sound any more");
    JsonNode broken = run(Stages.PREPARE, settings);
    assertThat(skipped(broken, "prepare")).isFalse();
    assertThat(metrics(broken, "prepare").at("/splits/train").asInt()).isEqualTo(3);
    Files.delete(bell);
    assertThat(metrics(run(Stages.PREPARE, settings), "prepare").get("rejected").toString())
        .isEqualTo("{\"MISSING_FILE\":1}");
    Files.write(bell, sound);
    JsonNode repaired = run(Stages.PREPARE, settings);
    assertThat(skipped(repaired, "prepare")).isFalse();
    assertThat(metrics(repaired, "prepare").get("splits"))
        .isEqualTo(metrics(first, "prepare").get("splits"));
  }

  /** r2-lostpart: a part of the table of samples is lost, cut off, exchanged. */
  @Test
  void aWorkDirectoryThatLostAFileIsMadeWhole() throws IOException {
    String data = "data.train=" + CASES.resolve("r2-lostpart");
    JsonNode first = run(Stages.PREPARE, data);
    assertThat(metrics(first, "prepare").at("/splits/train").asInt()).isEqualTo(12);
    List<Path> parts = found(output(first, "prepare").resolve("samples"), "part-.*parquet");
    assertThat(parts).hasSize(2);
    Files.delete(parts.get(0));
    JsonNode second = run(Stages.TRAIN, data, "train.iterations=1");
    assertThat(skipped(second, "prepare")).isFalse();
    JsonNode content =
        new ObjectMapper()
            .readTree(output(second, "prepare").resolve("manifest.json").toFile())
            .get("content");
    assertThat(content.at("/rows/samples").asInt()).isEqualTo(16);

    parts = found(output(second, "prepare").resolve("samples"), "part-.*parquet");
    byte[] whole = Files.readAllBytes(parts.get(1));
    Files.write(parts.get(1), Arrays.copyOf(whole, whole.length / 2));
    JsonNode third = run(Stages.TRAIN, data, "train.iterations=1");
    assertThat(skipped(third, "prepare")).isFalse();
    assertThat(skipped(third, "train")).isTrue();
    assertThat(skipped(run(Stages.TRAIN, data, "train.iterations=1"), "prepare")).isTrue();
  }

  /** m4-weights-one, then -two, in one work directory; then a cut-off file in the cache. */
  @Test
  void vectorsAreThoseOfTheirOwnWeights() throws IOException {
    String data = "data.train=" + CASES.resolve("r2-lostpart");
    Path labels = Files.writeString(folder.resolve("labels.txt"), "church bell\nfoghorn\n");
    String[] one = model("m4-weights-one", data, labels);
    String[] two = model("m4-weights-two", data, labels);
    double first = between(run(Stages.EMBED, one));
    JsonNode second = run(Stages.EMBED, two);
    assertThat(metrics(second, "embed").get("computed_prompts").asInt()).isEqualTo(10);
    assertThat(first).isCloseTo(0.173, org.assertj.core.data.Offset.offset(5e-4));
    assertThat(between(second)).isCloseTo(-0.558, org.assertj.core.data.Offset.offset(5e-4));

    Path cache = work().resolve("embed/_cache");
    for (Path part : found(cache, "part-.*parquet")) {
      byte[] whole = Files.readAllBytes(part);
      Files.write(part, Arrays.copyOf(whole, whole.length / 2));
    }
    Files.delete(output(second, "embed").resolve("metrics.json"));
    JsonNode again = run(Stages.EMBED, two);
    assertThat(skipped(again, "embed")).isFalse();
    assertThat(metrics(again, "embed").get("computed_prompts").asInt()).isEqualTo(10);
    assertThat(between(again)).isEqualTo(between(second));
  }

  private static String[] model(String name, String data, Path labels) {
    return new String[] {
      data,
      "labels.file=" + labels,
      "embedding.encoder=onnx",
      "embedding.model=" + CASES.resolve(name)
    };
  }

  private static double between(JsonNode run) {
    return metrics(run, "embed").get("mean_cosine_between").asDouble();
  }
}
