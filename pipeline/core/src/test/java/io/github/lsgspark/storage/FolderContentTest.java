package io.github.lsgspark.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An output whose files are not those of its manifest is none, and is replaced. */
class FolderContentTest {
  private static final Fingerprint FINGERPRINT = Fingerprint.ofText("some output");
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType("message rows { required int32 row; }");

  @TempDir Path work;
  private StageStore store;
  private Path output;

  @BeforeEach
  void publish() throws IOException {
    store = new StageStore(work.toString(), new Configuration());
    made();
    output = work.resolve("graph").resolve(FINGERPRINT.hex());
  }

  private void made() throws IOException {
    try (StageClaim claim = store.claim("graph", FINGERPRINT, other -> {}).orElseThrow();
        StageWriter writer = store.begin("graph", FINGERPRINT, claim)) {
      table(writer.path() + "/edges/part-0.parquet", 0, 3);
      table(writer.path() + "/edges/part-1.parquet", 7, 3);
      store.files().writeText(writer.path() + "/edges/_SUCCESS", "");
      store.files().writeText(writer.path() + "/metrics.json", "{\"nodes\": 4}");
      writer.publish(Manifest.of(writer.target(), Map.of(), Map.of(), 1, Map.of(), 0.5));
    }
  }

  private static void table(String path, int first, int rows) throws IOException {
    try (ParquetWriter<org.apache.parquet.example.data.Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(path))
            .withType(SCHEMA)
            .build()) {
      for (int row = first; row < first + rows; row++) {
        SimpleGroup group = new SimpleGroup(SCHEMA);
        group.add("row", row);
        writer.write(group);
      }
    }
  }

  private boolean isFound() {
    return new StageStore(work.toString(), new Configuration())
        .find("graph", FINGERPRINT)
        .isPresent();
  }

  private String damage() {
    return StageStore.damage(
            store.files(), new StageOutput("graph", FINGERPRINT, output.toString()))
        .orElse("");
  }

  @Test
  void theManifestListsFilesAndRows() {
    var content =
        Json.read(store.files(), output.resolve("manifest.json").toString()).path("content");
    assertThat(content.at("/rows/edges").asLong()).isEqualTo(6);
    assertThat(content.path("files").fieldNames())
        .toIterable()
        .contains("edges/part-0.parquet", "edges/part-1.parquet", "metrics.json")
        .doesNotContain("edges/_SUCCESS", "manifest.json");
    assertThat(content.at("/files/metrics.json/bytes").asLong()).isEqualTo(12);
    assertThat(isFound()).isTrue();
  }

  @Test
  void aLostFileIsNamedAndTheOutputMadeAnew() throws IOException {
    Files.delete(output.resolve("edges/part-1.parquet"));
    assertThat(damage()).isEqualTo("edges/part-1.parquet is missing");
    assertThat(isFound()).isFalse();
    made();
    assertThat(isFound()).isTrue();
    assertThat(output.resolve("edges/part-1.parquet")).exists();
  }

  @Test
  void aFileThatWasCutOffIsNamed() throws IOException {
    Path part = output.resolve("edges/part-0.parquet");
    byte[] whole = Files.readAllBytes(part);
    Files.write(part, java.util.Arrays.copyOf(whole, 20));
    assertThat(damage())
        .isEqualTo("edges/part-0.parquet has 20 bytes, but " + whole.length + " were written");
    assertThat(isFound()).isFalse();
  }

  @Test
  void anAddedFileCountsWhereItWouldBeRead() throws IOException {
    Files.writeString(output.resolve("notes.txt"), "mine");
    Files.writeString(output.resolve("edges/.hidden"), "mine");
    assertThat(isFound()).isTrue();
    Files.copy(output.resolve("edges/part-0.parquet"), output.resolve("edges/part-2.parquet"));
    assertThat(damage()).isEqualTo("edges/part-2.parquet was added");
    Files.delete(output.resolve("edges/part-2.parquet"));
    Files.writeString(output.resolve("model-validation.safetensors"), "");
    assertThat(damage()).isEqualTo("model-validation.safetensors was added");
  }

  @Test
  void exchangedFilesOfEqualLengthAreNoticed() throws IOException {
    Path a = output.resolve("edges/part-0.parquet");
    Path b = output.resolve("edges/part-1.parquet");
    assertThat(Files.size(a)).isEqualTo(Files.size(b));
    Files.setLastModifiedTime(b, FileTime.fromMillis(1_000_000_000_000L));
    assertThat(isFound()).as("another time, the same content").isTrue();
    Path aside = work.resolve("aside");
    Files.move(a, aside);
    Files.move(b, a);
    Files.move(aside, b);
    assertThat(damage()).isEqualTo("edges/part-0.parquet is not what was written");
  }

  @Test
  void noChecksumFilesAreLeftAndOneThatIsAddedIsNoticed() throws IOException {
    try (Stream<Path> all = Files.walk(output)) {
      assertThat(all.map(file -> file.getFileName().toString()))
          .filteredOn(name -> name.endsWith(".crc"))
          .isSubsetOf(".manifest.json.crc");
    }
    assertThat(isFound()).isTrue();
    Files.write(output.resolve(".metrics.json.crc"), new byte[12]);
    assertThat(isFound()).isFalse();
  }

  @Test
  void aBrokenManifestIsNoOutput() throws IOException {
    Path manifest = output.resolve("manifest.json");
    Files.deleteIfExists(output.resolve(".manifest.json.crc"));
    String whole = Files.readString(manifest);
    for (String broken :
        new String[] {
          "",
          "null",
          "[]",
          whole.substring(0, whole.length() / 2),
          whole.replace(FINGERPRINT.hex(), "0123456789abcdef"),
          whole.replace("\"content\"", "\"contents\"")
        }) {
      Files.writeString(manifest, broken);
      assertThat(isFound()).as(broken).isFalse();
    }
    Files.writeString(manifest, whole);
    assertThat(isFound()).isTrue();
    Files.writeString(manifest, "");
    made();
    assertThat(isFound()).isTrue();
  }

  @Test
  void aTableThatWasNotWrittenWholeIsNotPublished() throws IOException {
    Path broken = Files.createDirectories(work.resolve("broken"));
    Files.writeString(broken.resolve("part-0.parquet"), "PAR1");
    assertThatThrownBy(() -> FolderContent.of(store.files(), broken.toString()))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("part-0.parquet: cannot be read as Parquet");
  }
}
