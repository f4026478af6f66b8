package io.github.lsgspark.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.text.Label;
import io.github.lsgspark.text.LabelSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables as the HuggingFace Hub serves them: the splits, names, ids and classes of their rows. */
class HubTableTest {
  private static final String LABEL = "optional int64 label; ";
  private static final String IMAGE = HubTables.samples("image");
  private static final String[] NAMES = {"red fox", "blue jay", "green frog"};

  private static SparkSession spark;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    spark = LocalSpark.session();
  }

  private static DataSettings data(String... more) {
    return SettingsLoader.parse(String.join("\n", more)).data();
  }

  private static List<SourceEntry> list(Path source, String... more) {
    return new SourceListing(spark, data(more))
        .list(source.toString(), "train", Set.of())
        .entries();
  }

  private static AbstractThrowableAssert<?, ?> refused(Path source, String... more) {
    return assertThatThrownBy(() -> list(source, more))
        .isInstanceOfSatisfying(LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(3));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Rows of an image that is the file's name and the row, and the row as label. */
  private Path images(String file, int rows, String path) throws IOException {
    return HubTables.write(
        folder.resolve(file),
        IMAGE + LABEL,
        rows,
        (row, i) -> {
          HubTables.sample(row, "image", bytes(file + " " + i), path);
          row.add("label", (long) i);
        },
        NAMES);
  }

  /** The content of each entry by its id, as it is read for checking. */
  private static Map<String, String> contents(Path source, List<SourceEntry> entries) {
    Map<String, String> byKey = new TreeMap<>();
    new ParquetSource(spark, source.toString(), data())
        .contents()
        .collect()
        .forEach(row -> byKey.put(row.key(), new String(row.bytes(), StandardCharsets.UTF_8)));
    Map<String, String> byId = new TreeMap<>();
    entries.forEach(entry -> byId.put(entry.id(), byKey.get(entry.member())));
    return byId;
  }

  @Test
  void otherFilesOfTheFolderAreAccountedFor() throws IOException {
    HubTables.write(
        folder.resolve("hub/train-00000-of-00001.parquet"),
        "optional binary path (STRING); " + LABEL,
        1,
        (row, i) -> {
          row.add("path", "hub/pictures/1.jpg");
          row.add("label", 0L);
        },
        NAMES);
    Files.createDirectories(folder.resolve("hub/pictures"));
    for (String name : List.of("pictures/1.jpg", "pictures/2.jpg", "README.md", ".gitattributes")) {
      Files.writeString(folder.resolve("hub").resolve(name), "x");
    }
    Listed listed =
        new SourceListing(spark, data()).list(folder.resolve("hub").toString(), "train", Set.of());
    assertThat(listed.entries()).hasSize(1);
    assertThat(LeftOutReport.counts(listed.leftOut()))
        .containsAllEntriesOf(Map.of("NOT_IN_TABLE", 1L, "OTHER_TYPE", 1L));
    assertThat(listed.missed()).isEqualTo(1);
  }

  @Test
  void filesAreCalledByTheirSplitsAndRowsByFileAndPlace() throws IOException {
    images("hub/data/train-00000-of-00002.parquet", 2, null);
    images("hub/data/train-00001-of-00002.parquet", 1, null);
    images("hub/data/validation-00000-of-00001.parquet", 1, null);
    images("hub/data/test-00000-of-00001.parquet", 3, null);
    Files.writeString(folder.resolve("hub/README.md"), "---\nlicense: cc0\n---\n");
    Files.writeString(folder.resolve("hub/.gitattributes"), "*.parquet filter=lfs\n");
    List<SourceEntry> entries = list(folder.resolve("hub"));
    assertThat(entries)
        .extracting(SourceEntry::id, SourceEntry::split, SourceEntry::label)
        .containsExactlyInAnyOrder(
            tuple("data/train-00000-of-00002.parquet#0", "train", "red fox"),
            tuple("data/train-00000-of-00002.parquet#1", "train", "blue jay"),
            tuple("data/train-00001-of-00002.parquet#0", "train", "red fox"),
            tuple("data/validation-00000-of-00001.parquet#0", "validation", "red fox"),
            tuple("data/test-00000-of-00001.parquet#0", "test", "red fox"),
            tuple("data/test-00000-of-00001.parquet#1", "test", "blue jay"),
            tuple("data/test-00000-of-00001.parquet#2", "test", "green frog"));
    assertThat(contents(folder.resolve("hub"), entries))
        .containsEntry(
            "data/test-00000-of-00001.parquet#2", "hub/data/test-00000-of-00001.parquet 2")
        .hasSize(7)
        .doesNotContainValue(null);
    // One file of it is what the key says that it is.
    Path one = folder.resolve("hub/data/test-00000-of-00001.parquet");
    assertThat(list(one)).hasSize(3).allMatch(entry -> entry.split().equals("train"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train/0000.parquet test/0000.parquet",
        "plain_text/train/0000.parquet plain_text/test/0000.parquet",
        "data/my_set-TRAIN-00000-of-00001.parquet data/my_set-Test-00000-of-00001.PARQUET",
        "a%20b [x] #1/train-00000-of-00001.parquet a%20b [x] #1/test-00000-of-00001.parquet"
      })
  void layoutsOfTheHubAreKnown(String files) throws IOException {
    String[] names = files.split("(?<=(?i:parquet)) ");
    images("set {1}/" + names[0], 2, "same.png");
    images("set {1}/" + names[1], 2, "same.png");
    List<SourceEntry> entries = list(folder.resolve("set {1}"));
    assertThat(entries)
        .extracting(SourceEntry::id, SourceEntry::split)
        .containsExactlyInAnyOrder(
            tuple(names[0] + "#0", "train"),
            tuple(names[0] + "#1", "train"),
            tuple(names[1] + "#0", "test"),
            tuple(names[1] + "#1", "test"));
    assertThat(contents(folder.resolve("set {1}"), entries))
        .containsEntry(names[1] + "#1", "set {1}/" + names[1] + " 1")
        .hasSize(4);
  }

  @Test
  void filesOfUnclearSplitsAndSeveralTablesAreRefused() throws IOException {
    images("some/train-00000-of-00001.parquet", 1, null);
    images("some/extra.parquet", 1, null);
    refused(folder.resolve("some")).hasMessageContaining("extra.parquet names no split");
    images("both/train.parquet", 1, null);
    images("both/train-test.parquet", 1, null);
    refused(folder.resolve("both")).hasMessageContaining("train-test.parquet names several splits");
    images("configs/small/train-00000-of-00001.parquet", 1, null);
    images("configs/large/train-00000-of-00001.parquet", 1, null);
    refused(folder.resolve("configs")).hasMessageContaining("several tables, large/, small/");
    images("prefixes/a-train-00000-of-00001.parquet", 1, null);
    images("prefixes/b-train-00000-of-00001.parquet", 1, null);
    refused(folder.resolve("prefixes")).hasMessageContaining("several tables, a, b");
  }

  @Test
  void pathsThatAreGivenOnceAreIds() throws IOException {
    Path table =
        HubTables.write(
            folder.resolve("t.parquet"),
            IMAGE + LABEL,
            4,
            (row, i) -> {
              String path = List.of("a.png", "b.png", "b.png", "").get(i);
              HubTables.sample(row, "image", bytes("" + i), i == 3 ? null : path);
              row.add("label", 0L);
            });
    assertThat(list(table))
        .extracting(SourceEntry::id)
        .containsExactlyInAnyOrder("a.png", "t.parquet#1", "t.parquet#2", "t.parquet#3");
  }

  @Test
  void idsThatCountEachSplitAnewStayApart() throws IOException {
    for (String split : List.of("train", "test")) {
      HubTables.write(
          folder.resolve("ids/" + split + ".parquet"),
          "optional int64 id; " + IMAGE,
          2,
          (row, i) -> {
            row.add("id", (long) (split.equals("test") ? i : i + 1));
            HubTables.sample(row, "image", bytes(split + i), null);
          });
    }
    assertThat(list(folder.resolve("ids")))
        .extracting(SourceEntry::id)
        .containsExactlyInAnyOrder("0", "2", "test.parquet#1", "train.parquet#0");
  }

  @Test
  void numbersAreClassesByTheNamesOfTheFile() throws IOException {
    Path table = images("four.parquet", 4, null);
    refused(table).hasMessageContaining("row 3 of four.parquet has label 3, but the file names 3");
    // Each file has its own order; the classes of both are the same.
    HubTables.write(
        folder.resolve("orders/train.parquet"),
        IMAGE + LABEL,
        1,
        (row, i) -> labelled(row, 1),
        "cat",
        "dog");
    HubTables.write(
        folder.resolve("orders/test.parquet"),
        IMAGE + LABEL,
        2,
        (row, i) -> labelled(row, i - 1),
        "dog",
        "cat");
    assertThat(list(folder.resolve("orders")))
        .extracting(SourceEntry::split, SourceEntry::label)
        .containsExactlyInAnyOrder(tuple("train", "dog"), tuple("test", ""), tuple("test", "dog"));
    Path bare =
        HubTables.write(
            folder.resolve("bare.parquet"), IMAGE + LABEL, 1, (row, i) -> labelled(row, 7));
    assertThat(list(bare)).extracting(SourceEntry::label).containsExactly("7");
  }

  private static void labelled(Group row, long label) {
    HubTables.sample(row, "image", bytes("x"), null);
    row.add("label", label);
  }

  @Test
  void aLabelsFileMayCallTheNumbersOfTheHubSomethingElse() throws IOException {
    images("hub/train.parquet", 3, null);
    images("hub/test.parquet", 3, null);
    Path file = Files.writeString(folder.resolve("l.txt"), "Rotfuchs\nEichelhäher\nFrosch\n");
    LabelSet labels = called(file);
    assertThat(labels.toString()).isEqualTo("[Rotfuchs, Eichelhäher, Frosch]");
    for (SourceEntry entry : list(folder.resolve("hub"))) {
      int id = List.of(NAMES).indexOf(entry.label());
      assertThat(labels.find(entry.label())).map(Label::id).contains(id);
    }
    // A file that knows these names has an order of its own.
    Files.writeString(file, "green frog\nred fox\nblue jay\n");
    assertThat(called(file).find("red fox")).map(Label::id).contains(1);
  }

  private LabelSet called(Path file) {
    String train = "data.train = \"" + folder.resolve("hub") + "\"\n";
    Settings settings = SettingsLoader.parse(train + "labels.file = \"" + file + "\"");
    LabelSet labels = LabelSet.load(file.toString(), new Configuration());
    return ClassCalls.of(spark, settings, labels);
  }

  @Test
  void foldersOfPicturesAreNoTables() throws IOException {
    Files.createDirectories(folder.resolve("photos/train/cat"));
    Files.createFile(folder.resolve("photos/train/cat/1.jpg"));
    images("photos/train/cat/about.parquet", 1, null);
    assertThat(list(folder.resolve("photos")))
        .extracting(SourceEntry::kind)
        .doesNotContain(SourceEntry.Kind.TABLE_ROW);
  }
}
