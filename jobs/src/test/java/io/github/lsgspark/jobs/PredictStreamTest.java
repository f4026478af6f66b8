package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.testing.LocalSpark;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** lsg predict --stream: each file once, with the labels that a batch gives. */
@Tag("long-7")
class PredictStreamTest {
  private static final String TINY =
      """
      data { train = "%s", test-fraction = 0.3, validation-fraction = 0 }
      embedding.encoder = lexical
      train { enabled = false, backbone = small-cnn, image-size = 16 }
      lsg.enabled = false
      """;

  @TempDir Path folder;
  private Path input;
  private Path table;

  @BeforeEach
  void write() throws IOException {
    SmallPictures.write(folder.resolve("photos"), 6, "red fox", "blue jay");
    Files.writeString(
        folder.resolve("mine.conf"), TINY.formatted(folder.resolve("photos").toString()));
    input = Files.createDirectories(folder.resolve("in coming"));
    table = folder.resolve("table");
  }

  private int predict(List<String> more) {
    List<String> all = new ArrayList<>(List.of("predict", "--master", "local[2]"));
    all.addAll(List.of("--config", folder.resolve("mine.conf").toString()));
    all.addAll(List.of("--work-dir", folder.resolve("w").toString()));
    all.addAll(more);
    return Lsg.execute(all.toArray(String[]::new));
  }

  private int stream(Path from) {
    return predict(
        List.of(
            "--stream", "--every", "0", "--input", from.toString(), "--output", table.toString()));
  }

  private List<Row> read(String part) {
    return LocalSpark.session()
        .read()
        .parquet(table.resolve(part).toString())
        .orderBy("id")
        .collectAsList();
  }

  /** Ids with their labels, and the micro-batch that each came by. */
  private Map<String, String> labels() {
    Map<String, String> labels = new TreeMap<>();
    for (Row row : read("predictions")) {
      assertThat(labels.put(row.getAs("id"), row.getAs("predicted"))).as("twice").isNull();
    }
    return labels;
  }

  private void picture(String name, int tint) throws IOException {
    Path file = input.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, SmallPictures.png(tint, name.hashCode()));
  }

  @Test
  void eachFileIsLabelledOnceAlsoWhereABatchIsMadeAgain() throws Exception {
    picture("a.png", 0);
    picture("below/b c%20d.png", 2);
    Files.writeString(input.resolve("page.png"), "<html>");
    try (OutputStream out = Files.newOutputStream(input.resolve("more.zip"));
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("x/z.png"));
      zip.write(SmallPictures.png(1, 5));
      zip.closeEntry();
    }
    assertThat(stream(input)).isZero();
    Map<String, String> first = labels();
    assertThat(first).containsOnlyKeys("a.png", "below/b c%20d.png", "more.zip/x/z.png");
    assertThat(read("rejected")).extracting(row -> row.<String>getAs("id")).contains("page.png");

    // A year old, as copied photographs are.
    picture("late.png", 0);
    assertThat(input.resolve("late.png").toFile().setLastModified(1_700_000_000_000L)).isTrue();
    assertThat(stream(input)).isZero();
    Map<String, String> second = labels();
    assertThat(second).hasSize(4).containsAllEntriesOf(first).containsKey("late.png");
    assertThat(read("predictions"))
        .filteredOn(row -> row.getAs("id").equals("late.png"))
        .extracting(row -> row.<Integer>getAs("batch"))
        .containsExactly(1);

    // As if the program had ended after the batch was written, and before the checkpoint said so.
    Files.delete(table.resolve("_checkpoint/commits/1"));
    Files.delete(table.resolve("_checkpoint/commits/.1.crc"));
    assertThat(stream(input)).isZero();
    assertThat(labels()).isEqualTo(second);

    Path file = folder.resolve("batch.jsonl");
    assertThat(predict(List.of("--input", input.toString(), "--output", file.toString()))).isZero();
    int compared = 0;
    for (String line : Files.readAllLines(file)) {
      JsonNode sample = new ObjectMapper().readTree(line);
      String label = second.get(sample.path("path").asText());
      if (label != null) {
        assertThat(sample.path("label").asText()).isEqualTo(label);
        compared++;
      }
    }
    assertThat(compared).isEqualTo(3);
    try (Stream<Path> staged = Files.list(table.resolve("_staging"))) {
      assertThat(staged).isEmpty();
    }
  }

  @Test
  void whatCannotBeWatchedIsRefused() throws Exception {
    picture("a.png", 0);
    refused(3, input.resolve("a.png"), "a stream takes a folder, but this is a file");
    refused(3, folder.resolve("none"), "no such folder");
    refused(3, Files.createDirectories(folder.resolve("in [1]")), "as a pattern");
    assertThat(stream(input)).isZero();
    refused(2, Files.createDirectories(folder.resolve("other")), "has predictions of");
    assertThat(predict(List.of("--stream", "--input", input.toString()))).isEqualTo(2);
    assertThat(predict(List.of("--every", "5"))).isEqualTo(2);
  }

  private void refused(int code, Path from, String sentence) {
    PrintStream error = System.err;
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    System.setErr(new PrintStream(told, true, StandardCharsets.UTF_8));
    try {
      assertThat(stream(from)).isEqualTo(code);
    } finally {
      System.setErr(error);
    }
    assertThat(told.toString(StandardCharsets.UTF_8)).contains(sentence);
  }
}
