package io.github.lsgspark.dataset;

import static io.github.lsgspark.dataset.PrepareRuns.read;
import static io.github.lsgspark.dataset.PrepareRuns.reference;
import static io.github.lsgspark.dataset.PrepareRuns.settings;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.image.TestImages;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.text.LabelSet;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The stage prepare: what it sets aside and refuses, and that every kind of source gives the same
 * samples.
 */
class PrepareStageTest {
  private static SparkSession spark;

  @TempDir Path folder;
  private PrepareRuns runs;

  @BeforeAll
  static void start() {
    spark = LocalSpark.session();
  }

  @BeforeEach
  void makeRuns() {
    runs = new PrepareRuns(spark, folder);
  }

  @Test
  void badFilesAreSetAsideWithTheirReason() throws Exception {
    Path root = runs.classFolders(6);
    Path bad = root.resolve("train/snow owl");
    Files.write(bad.resolve("empty.jpg"), new byte[0]);
    Files.write(bad.resolve("page.jpg"), "<html></html>".getBytes(StandardCharsets.UTF_8));
    byte[] jpeg = TestImages.gradient(64, 64, "jpg");
    Files.write(bad.resolve("half.jpg"), Arrays.copyOf(jpeg, jpeg.length / 2));
    Files.write(bad.resolve("one pixel.png"), TestImages.gradient(1, 1, "png"));
    // Called as a piece of a pack is.
    Files.write(bad.resolve("4.pack#0+9"), TestImages.gradient(7, 5, "png"));
    Settings tolerant =
        settings(root.toString(), "prepare { max-bad-fraction = 0.2, store = reference }");
    Map<String, Object> metrics = runs.run(tolerant, "out");
    assertThat(metrics.get("rejected"))
        .isEqualTo(Map.of("EMPTY_FILE", 1L, "NOT_AN_IMAGE", 1L, "TRUNCATED", 1L));
    assertThat(metrics.get("splits")).isEqualTo(Map.of("test", 18L, "train", 20L));
    assertThat(runs.samples("out"))
        .hasSize(38)
        .anySatisfy(row -> assertThat(row.<String>getAs("id")).contains("Königsfisch/bild 0 ü"))
        .filteredOn(row -> row.<String>getAs("id").endsWith("4.pack#0+9"))
        .allSatisfy(row -> assertThat(row.<String>getAs("reference")).contains("/packs/part-"))
        .hasSize(1);
    assertThat(runs.samples("out"))
        .anySatisfy(row -> assertThat(row.<Integer>getAs("width")).isEqualTo(1));
    assertThatThrownBy(
            () -> runs.run(settings(root.toString(), "prepare.max-bad-fraction = 0.01"), "no"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("3 of 41 files")
        .hasMessageContaining("empty.jpg");
  }

  @Test
  void zipsHoldTheSameAsFolders() throws Exception {
    Path root = runs.classFolders(2);
    Path zip = folder.resolve("data.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip));
        var files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new ZipEntry(root.relativize(file).toString()));
        out.write(Files.readAllBytes(file));
      }
    }
    runs.run(settings(root.toString(), ""), "folder");
    runs.run(settings(zip.toString(), ""), "zip");
    assertThat(runs.splitsById("zip")).isEqualTo(runs.splitsById("folder"));
    assertThat(runs.samples("zip")).extracting(PrepareRuns::reference).allMatch(this::isPacked);
    assertThat(runs.samples("folder")).extracting(PrepareRuns::reference).noneMatch(this::isPacked);
    List<Row> zipped = runs.samples("zip");
    List<Row> files = runs.samples("folder");
    for (int i = 0; i < files.size(); i++) {
      assertThat(read(reference(zipped.get(i)))).isEqualTo(read(reference(files.get(i))));
    }
  }

  private boolean isPacked(String reference) {
    return reference.startsWith(folder.toString()) && reference.contains("/packs/part-");
  }

  @Test
  void onlyPacksThatARowPointsIntoStay() throws Exception {
    Path packs = Files.createDirectories(folder.resolve("out/packs"));
    Files.write(packs.resolve("part-00000-999.pack"), new byte[] {1});
    runs.run(
        settings(runs.classFolders(3).toString(), "prepare { store = packed, partitions = 2 }"),
        "out");
    try (var left = Files.list(packs)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .filteredOn(name -> name.endsWith(".pack"))
          .hasSize(2)
          .doesNotContain("part-00000-999.pack");
    }
    // A published folder moves; its rows name places relative to it.
    Files.move(folder.resolve("out"), folder.resolve("published"));
    assertThat(runs.samples("published")).hasSize(18).allSatisfy(row -> read(reference(row)));
  }

  @Test
  void aTaskThatIsTriedAgainLeavesWholeRows() throws Exception {
    Path root = runs.classFolders(4);
    Settings settings = settings(root.toString(), "prepare.store = packed");
    List<SourceEntry> entries = SourceSplits.of(spark, settings.data(), true).entries();
    LabelSet labels = LabelSet.of(List.of("red panda", "Königsfisch", "snow owl"));
    Path out = Files.createDirectories(folder.resolve("retried"));
    Dataset<Row> rows = new SampleIngest(spark, settings).check(entries, Optional.of(labels));
    PackFolder packs = new PackFolder(out.toString(), new Configuration());
    // Two computations of the same rows, as two attempts of their tasks are.
    List<Row> first = packs.packed(rows).collectAsList();
    List<Row> second = packs.packed(rows).collectAsList();
    for (int i = 0; i < first.size(); i++) {
      assertThat(reference(first.get(i))).isNotEqualTo(reference(second.get(i)));
      assertThat(read(out + "/" + reference(first.get(i))))
          .isEqualTo(read(out + "/" + reference(second.get(i))));
    }
  }

  @Test
  void parquetTablesHoldTheSameAsFolders() throws Exception {
    Path root = runs.classFolders(2);
    runs.run(settings(root.toString(), "prepare.store = packed"), "folder");
    // Our own table, as another run's source.
    String own = folder.resolve("folder/samples").toString();
    runs.run(settings(own, ""), "own");
    assertThat(runs.splitsById("own")).isEqualTo(runs.splitsById("folder"));
    // As the Hub serves images: a struct, and labels as numbers.
    Path labels = folder.resolve("labels.txt");
    Files.writeString(labels, "Königsfisch\nred panda\nsnow owl\n");
    String hub = folder.resolve("hub.parquet").toString();
    withBytes(folder.resolve("folder"))
        .selectExpr(
            "named_struct('bytes', bytes, 'path', id) as image",
            "cast(label_id as long) as label",
            "split")
        .write()
        .parquet(hub);
    runs.run(settings(hub, "labels.file = \"" + labels + "\""), "hub");
    assertThat(runs.splitsById("hub")).isEqualTo(runs.splitsById("folder"));
    assertThat(runs.samples("hub")).extracting(row -> row.getAs("label_id")).containsOnly(0, 1, 2);
  }

  private static Dataset<Row> withBytes(Path prepared) {
    UserDefinedFunction read = udf((UDF1<String, byte[]>) PrepareRuns::read, DataTypes.BinaryType);
    return SampleTable.read(spark, prepared.toString())
        .withColumn("bytes", read.apply(col("reference")));
  }

  @Test
  void rowsWithoutALabelAreUnlabelled() throws Exception {
    Path root = runs.classFolders(2);
    Path extra = Files.createDirectories(root.resolve("unlabelled/camera 3"));
    Files.write(extra.resolve("a.png"), TestImages.gradient(9, 9, "png"));
    Files.write(root.resolve("unlabelled/b.png"), TestImages.gradient(9, 9, "png"));
    Map<String, Object> metrics =
        runs.run(settings(root.toString(), "prepare.store = packed"), "out");
    assertThat(metrics.get("splits")).isEqualTo(Map.of("train", 6L, "test", 6L, "unlabelled", 2L));
    String table = folder.resolve("table.parquet").toString();
    withBytes(folder.resolve("out"))
        .selectExpr(
            "id",
            "nullif(label, '') as label",
            "if(split = 'test', 'test', 'train') as split",
            "bytes")
        .write()
        .parquet(table);
    assertThat(runs.run(settings(table, ""), "again").get("splits"))
        .isEqualTo(metrics.get("splits"));
  }

  @Test
  void tablesThatCannotBeUsedAreRefused() {
    String table = folder.resolve("bad.parquet").toString();
    spark.sql("select 'cat' as label, 1 as height").write().parquet(table);
    assertThatThrownBy(() -> runs.run(settings(table, ""), "out"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("bad.parquet: needs a column bytes")
        .hasMessageContaining("[label, height]");
    String twice = folder.resolve("twice.parquet").toString();
    spark
        .sql("select 'a' as id, 'cat' as label, binary('x') as bytes from range(2)")
        .write()
        .parquet(twice);
    assertThatThrownBy(() -> runs.run(settings(twice, ""), "out"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("id a occurs twice");
  }

  @Test
  void listsTolerateWindowsAndStayInsideTheirRoot() throws Exception {
    Path root = runs.classFolders(1);
    Path list = folder.resolve("list.txt");
    Files.writeString(
        list,
        "\uFEFFtrain/snow owl/bild 0 ü.png owl\r\n\r\ntest/snow owl/bild 0 ü.png\tgreat owl\r\n");
    List<SourceEntry> entries = list(list, root);
    assertThat(entries).extracting(SourceEntry::label).containsExactly("great owl", "owl");
    Files.writeString(list, "good.png a\n../../secret.png a\n");
    assertThatThrownBy(() -> list(list, root))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("list.txt:2")
        .hasMessageContaining("leaves the root");
  }

  private List<SourceEntry> list(Path list, Path root) {
    Settings settings = settings(list.toString(), "data.root = \"" + root + "\"");
    return new SourceListing(spark, settings.data())
        .list(list.toString(), "train", Set.of())
        .entries();
  }

  @Test
  void picturesAreDrawnTheSameEveryTime() {
    String few =
        "data.drawn { base-classes = 3, novel-classes = 4, train-per-class = 2, test-per-class = 1 }";
    runs.run(settings("drawn:novel", few), "first");
    runs.run(settings("drawn:novel", few + "\nseed = 9"), "second");
    assertThat(runs.samples("first")).hasSize(12);
    for (int i = 0; i < 12; i++) {
      assertThat(read(reference(runs.samples("first").get(i))))
          .isEqualTo(read(reference(runs.samples("second").get(i))));
    }
  }

  @Test
  void aSourceWithoutTestSamplesIsRefused() throws Exception {
    Path train = runs.classFolders(1).resolve("train");
    assertThatThrownBy(() -> runs.run(settings(train.toString(), ""), "out"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("data.test is not set");
    assertThatThrownBy(() -> runs.run(settings(folder.resolve("none").toString(), ""), "out"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("no such file or folder");
  }

  @Tag("real-data")
  @Test
  void realPhotographs() {
    Path zip = Path.of(System.getProperty("lsg.shared.dir"), "data/images/clothing-subset.zip");
    Map<String, Object> metrics =
        runs.run(settings(zip.toString(), "data.label-budget = \"15%\""), "out");
    assertThat(metrics.get("classes")).isEqualTo(10);
    assertThat(metrics.get("rejected")).isEqualTo(Map.of());
    assertThat(metrics.get("splits").toString()).contains("train=60", "unlabelled=340");
  }
}
