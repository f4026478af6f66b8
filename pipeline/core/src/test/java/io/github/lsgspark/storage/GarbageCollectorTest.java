package io.github.lsgspark.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.GarbageCollector.Item;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GarbageCollectorTest {
  private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
  private static final Instant BEFORE = NOW.minus(Duration.ofDays(30));
  private static final Instant LONG_AGO = NOW.minus(Duration.ofDays(90));

  @TempDir Path folder;

  private String output(String stage, char digit, Instant finished, String inputs)
      throws IOException {
    String fingerprint = String.valueOf(digit).repeat(16);
    Path place = folder.resolve(stage).resolve(fingerprint);
    write(place.resolve("data"), "12345", finished);
    write(
        place.resolve("manifest.json"),
        "{\"finished\": \"" + finished + "\", \"inputs\": {" + inputs + "}}",
        finished);
    return stage + "/" + fingerprint;
  }

  private static String input(char digit) {
    return "\"x\": \"" + String.valueOf(digit).repeat(16) + "\"";
  }

  private static void write(Path file, String text, Instant time) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    try (Stream<Path> all = Files.walk(file.getParent())) {
      for (Path each : all.toList()) {
        Files.setLastModifiedTime(each, FileTime.from(time));
      }
    }
  }

  private List<Item> find() {
    return GarbageCollector.find(new HadoopFiles(new Configuration()), folder.toString(), BEFORE);
  }

  @Test
  void whatSomethingYoungOrTheLatestRunNeedsStays() throws IOException {
    output("prepare", 'a', LONG_AGO, "");
    output("train", 'b', LONG_AGO, input('a'));
    output("evaluate", 'c', NOW, input('b'));
    output("graph", 'd', LONG_AGO, "");
    Files.writeString(folder.resolve("run.json"), "{\"graph\": \"dddddddddddddddd\"}");
    String old = output("train", 'e', LONG_AGO, input('a'));
    String older = output("evaluate", 'f', LONG_AGO, input('e'));
    List<Item> found = find();
    assertThat(found).extracting(Item::path).containsExactly(older, old);
    assertThat(found).extracting(Item::what).containsOnly("output");
    assertThat(found.get(1).time()).isEqualTo(LONG_AGO);
    assertThat(found.get(1).bytes()).isGreaterThan(50);
    assertThat(folder.resolve(old)).isDirectory();
  }

  @Test
  void whatBrokenRunsLeftIsOldWhenNothingWritesToIt() throws IOException {
    write(folder.resolve("train/_staging-1234-x/part"), "1", LONG_AGO);
    write(folder.resolve("train/_running-1234/step"), "1", NOW);
    write(folder.resolve("graph/0123456789abcdef/part"), "1", LONG_AGO);
    write(folder.resolve("embed/cache/part"), "1", LONG_AGO);
    assertThat(find())
        .extracting(Item::path)
        .containsExactly("graph/0123456789abcdef", "train/_staging-1234-x");
  }

  @Test
  void whatTheLauncherBroughtStaysWhileAnOutputSpeaksOfIt() throws IOException {
    write(folder.resolve("inputs/1111/names.txt"), "a", LONG_AGO);
    write(folder.resolve("inputs/2222/names.txt"), "a", LONG_AGO);
    write(folder.resolve("submitted/run-1.conf"), "a", LONG_AGO);
    output("embed", 'a', NOW, "");
    Path manifest = folder.resolve("embed/aaaaaaaaaaaaaaaa/manifest.json");
    Files.writeString(
        manifest,
        Files.readString(manifest)
            .replace("{\"fin", "{\"labels\": \"hdfs://h/w/inputs/1111/names.txt\", \"fin"));
    assertThat(find())
        .extracting(Item::path)
        .containsExactly("inputs/2222", "submitted/run-1.conf");
  }

  @Test
  void whatALiveRunNeedsStaysWithAllItWasMadeOf() throws IOException {
    output("prepare", 'a', LONG_AGO, "");
    String train = output("train", 'b', LONG_AGO, input('a'));
    String other = output("train", 'c', LONG_AGO, input('a'));
    write(folder.resolve("train/_running-" + "d".repeat(16) + "/step"), "1", LONG_AGO);
    write(folder.resolve("inputs/1111/names.txt"), "a", LONG_AGO);
    Path live = folder.resolve("_live/run-x");
    Files.createDirectories(live.getParent());
    Files.writeString(
        live,
        ClaimOwner.thisProcess()
            .text()
            .replace(
                "{",
                "{\"needs\": [\""
                    + "b".repeat(16)
                    + "\", \""
                    + "d".repeat(16)
                    + "\"], \"uploads\": [\"inputs/1111\"], "));
    assertThat(find()).extracting(Item::path).containsExactly(other);
    Files.delete(live);
    assertThat(find()).extracting(Item::path).contains("prepare/" + "a".repeat(16), train);
  }

  @Test
  void whatAClaimIsOnThatIsStillWrittenStays() throws IOException {
    String running = "train/_running-" + "d".repeat(16);
    write(folder.resolve(running + "/step"), "1", LONG_AGO);
    write(folder.resolve("graph/" + "e".repeat(16) + "/part"), "1", LONG_AGO);
    Path claim = folder.resolve("train/_claim-" + "d".repeat(16) + "-x");
    Files.writeString(claim, "{}");
    Files.setLastModifiedTime(claim, FileTime.from(NOW));
    assertThat(find()).extracting(Item::path).containsExactly("graph/" + "e".repeat(16));
    Files.setLastModifiedTime(claim, FileTime.from(LONG_AGO));
    assertThat(find()).extracting(Item::path).contains(running);
  }

  @Test
  void aBrokenManifestIsToldOfAndStays() throws IOException {
    String old = output("graph", 'a', LONG_AGO, "");
    for (String text : List.of("", "{\"fin", "{}", "[]")) {
      Path broken = folder.resolve("train/" + "b".repeat(16) + "/manifest.json");
      write(broken, text, LONG_AGO);
      List<Item> found = find();
      assertThat(found).extracting(Item::path).contains(old);
      Item item = found.get(found.size() - 1);
      assertThat(item.path()).isEqualTo("train/" + "b".repeat(16));
      assertThat(item.what()).contains("manifest cannot be read");
      assertThat(item.removable()).isFalse();
    }
  }

  @Test
  void aWorkDirectoryThatIsNotThereIsNamed() {
    assertThatThrownBy(
            () ->
                GarbageCollector.find(
                    new HadoopFiles(new Configuration()), folder.resolve("no").toString(), NOW))
        .isInstanceOfSatisfying(LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(3))
        .hasMessageContaining("no such work directory");
  }
}
