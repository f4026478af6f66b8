package io.github.lsgspark.dataset;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.image.TestImages;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.text.LabelSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrepareStageTest {
  private static SparkSession spark;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    spark = LocalSpark.session();
  }

  private static Settings settings(String train, String more) {
    return SettingsLoader.parse("data.train = \"" + train + "\"\n" + more);
  }

  private Map<String, Object> run(Settings settings, String out) {
    return PrepareStage.run(spark, settings, folder.resolve(out).toString());
  }

  private List<Row> samples(String out) {
    return SampleTable.read(spark, folder.resolve(out).toString()).orderBy("id").collectAsList();
  }

  private Path classFolders(int perClass) throws Exception {
    Path root = folder.resolve("data");
    for (String split : new String[] {"train", "test"}) {
      for (String name : new String[] {"red_panda", "Königsfisch", "snow owl"}) {
        Path classFolder = Files.createDirectories(root.resolve(split).resolve(name));
        for (int i = 0; i < perClass; i++) {
          Files.write(
              classFolder.resolve("bild " + i + " ü.png"), TestImages.gradient(8 + i, 9, "png"));
        }
      }
    }
    return root;
  }

  @Test
  void badFilesAreSetAsideWithTheirReason() throws Exception {
    Path root = classFolders(6);
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
    Map<String, Object> metrics = run(tolerant, "out");
    assertThat(metrics.get("rejected"))
        .isEqualTo(Map.of("EMPTY_FILE", 1L, "NOT_AN_IMAGE", 1L, "TRUNCATED", 1L));
    assertThat(metrics.get("splits")).isEqualTo(Map.of("test", 18L, "train", 20L));
    assertThat(samples("out"))
        .hasSize(38)
        .anySatisfy(row -> assertThat(row.<String>getAs("id")).contains("Königsfisch/bild 0 ü"))
        .filteredOn(row -> row.<String>getAs("id").endsWith("4.pack#0+9"))
        .allSatisfy(row -> assertThat(row.<String>getAs("reference")).contains("/packs/part-"))
        .hasSize(1);
    assertThat(samples("out"))
        .anySatisfy(row -> assertThat(row.<Integer>getAs("width")).isEqualTo(1));
    assertThatThrownBy(
            () -> run(settings(root.toString(), "prepare.max-bad-fraction = 0.01"), "no"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("3 of 41 files")
        .hasMessageContaining("empty.jpg");
  }

  @Test
  void budgetsAreDrawnPerClassBySeed() throws Exception {
    String root = classFolders(10).toString();
    String budget = "data { label-budget = 3, validation-fraction = 0.2 }\nseed = ";
    run(settings(root, budget + 1), "a");
    run(settings(root, budget + "1\nprepare.partitions = 3"), "b");
    run(settings(root, budget + 2), "c");
    Map<String, Long> splits =
        samples("a").stream()
            .collect(Collectors.groupingBy(row -> row.getAs("split"), Collectors.counting()));
    assertThat(splits)
        .isEqualTo(Map.of("train", 9L, "unlabelled", 15L, "validation", 6L, "test", 30L));
    assertThat(splitsById("b")).isEqualTo(splitsById("a"));
    assertThat(splitsById("c")).isNotEqualTo(splitsById("a"));
  }

  @Test
  void aTestSplitIsDrawnOnceForAllSeeds() throws Exception {
    String train = classFolders(10).resolve("train").toString();
    String shares =
        "data { test-fraction = 0.3, validation-fraction = 0.3, label-budget = 2 }\nseed = ";
    Map<String, Object> metrics = run(settings(train, shares + 1), "a");
    assertThat(metrics.get("splits"))
        .isEqualTo(Map.of("train", 6L, "unlabelled", 9L, "validation", 6L, "test", 9L));
    assertThat(metrics.get("per_class").toString()).containsPattern("(test=3.*){3}");
    run(settings(train, shares + 2), "b");
    run(settings(train, shares + "1\ndata.test-seed = 2"), "c");
    assertThat(splitsById("b")).isNotEqualTo(splitsById("a"));
    assertThat(testIds("b")).hasSize(9).isEqualTo(testIds("a")).isNotEqualTo(testIds("c"));
    // A source with a test split keeps it.
    run(settings(folder.resolve("data").toString(), shares + 1), "own");
    assertThat(testIds("own")).hasSize(30).allMatch(id -> id.startsWith("test/"));
  }

  @Test
  void noTrainingSampleOfAnUnseenClassKeepsItsLabel() throws Exception {
    Path root = classFolders(10);
    Path validation = Files.createDirectories(root.resolve("validation/snow owl"));
    Files.write(validation.resolve("v.png"), TestImages.gradient(9, 9, "png"));
    Path names = Files.writeString(folder.resolve("unseen.txt"), "Snow_Owl\n");
    String keys =
        "data { label-budget = 3, validation-fraction = 0.2, unseen-classes.file = \""
            + names
            + "\" }\n";
    Map<String, Object> metrics = run(settings(root.toString(), keys), "out");
    assertThat(metrics.get("splits"))
        .isEqualTo(Map.of("train", 6L, "unlabelled", 10L + 11L, "validation", 4L, "test", 30L));
    assertThat(metrics.get("unseen_classes")).isEqualTo(List.of("snow owl"));
    assertThat(metrics.get("classes_without_training_sample")).isEqualTo(List.of("snow owl"));
    assertThat(metrics.get("per_class").toString())
        .contains("snow owl={test=10, unlabelled=11}", "red_panda={test=10, train=3");
    assertThat(SampleTable.labels(new HadoopFiles(new Configuration()), path("out")).size())
        .isEqualTo(3);
    // The truth stays, as that of other unlabelled samples.
    assertThat(samples("out"))
        .filteredOn(row -> row.<String>getAs("split").equals("unlabelled"))
        .extracting(row -> row.<String>getAs("label"))
        .contains("snow owl");
    // The other classes keep the labels that they have without unseen ones.
    run(settings(root.toString(), "data { label-budget = 3, validation-fraction = 0.2 }"), "all");
    assertThat(splitsById("out").entrySet())
        .filteredOn(entry -> !entry.getKey().contains("snow owl"))
        .isSubsetOf(splitsById("all").entrySet());

    String without = "data.unseen-classes.keep-unlabelled = false";
    assertThat(run(settings(root.toString(), keys + without), "without").get("splits"))
        .isEqualTo(Map.of("train", 6L, "unlabelled", 10L, "validation", 4L, "test", 30L));
  }

  @Test
  void anUnseenClassHasItsShareOfADrawnTestSplit() throws Exception {
    String train = classFolders(10).resolve("train").toString();
    Map<String, Object> metrics =
        run(
            settings(train, "data { test-fraction = 0.3, unseen-classes.count = 1 }\nseed = 4"),
            "out");
    assertThat(metrics.get("splits")).isEqualTo(Map.of("train", 14L, "unlabelled", 7L, "test", 9L));
    assertThat(metrics.get("unseen_classes")).asList().hasSize(1);
  }

  private String path(String out) {
    return folder.resolve(out).toString();
  }

  private Set<String> testIds(String out) {
    return splitsById(out).entrySet().stream()
        .filter(entry -> entry.getValue().equals("test"))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private Map<String, String> splitsById(String out) {
    return samples(out).stream()
        .collect(Collectors.toMap(row -> row.getAs("id"), row -> row.getAs("split")));
  }

  @Test
  void zipsHoldTheSameAsFolders() throws Exception {
    Path root = classFolders(2);
    Path zip = folder.resolve("data.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip));
        var files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new ZipEntry(root.relativize(file).toString()));
        out.write(Files.readAllBytes(file));
      }
    }
    run(settings(root.toString(), ""), "folder");
    run(settings(zip.toString(), ""), "zip");
    assertThat(splitsById("zip")).isEqualTo(splitsById("folder"));
    assertThat(samples("zip")).extracting(PrepareStageTest::reference).allMatch(this::isPacked);
    assertThat(samples("folder")).extracting(PrepareStageTest::reference).noneMatch(this::isPacked);
    List<Row> zipped = samples("zip");
    List<Row> files = samples("folder");
    for (int i = 0; i < files.size(); i++) {
      assertThat(read(reference(zipped.get(i)))).isEqualTo(read(reference(files.get(i))));
    }
  }

  private static String reference(Row row) {
    return row.getAs("reference");
  }

  private boolean isPacked(String reference) {
    return reference.startsWith(folder.toString()) && reference.contains("/packs/part-");
  }

  private static byte[] read(String reference) {
    try (PlaceReader reader = new PlaceReader(new Configuration())) {
      return reader.read(Place.of(reference));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void onlyPacksThatARowPointsIntoStay() throws Exception {
    Path packs = Files.createDirectories(folder.resolve("out/packs"));
    Files.write(packs.resolve("part-00000-999.pack"), new byte[] {1});
    run(settings(classFolders(3).toString(), "prepare { store = packed, partitions = 2 }"), "out");
    try (var left = Files.list(packs)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .filteredOn(name -> name.endsWith(".pack"))
          .hasSize(2)
          .doesNotContain("part-00000-999.pack");
    }
    // A published folder moves; its rows name places relative to it.
    Files.move(folder.resolve("out"), folder.resolve("published"));
    assertThat(samples("published")).hasSize(18).allSatisfy(row -> read(reference(row)));
  }

  @Test
  void aTaskThatIsTriedAgainLeavesWholeRows() throws Exception {
    Path root = classFolders(4);
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
    Path root = classFolders(2);
    run(settings(root.toString(), "prepare.store = packed"), "folder");
    // Our own table, as another run's source.
    String own = folder.resolve("folder/samples").toString();
    run(settings(own, ""), "own");
    assertThat(splitsById("own")).isEqualTo(splitsById("folder"));
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
    run(settings(hub, "labels.file = \"" + labels + "\""), "hub");
    assertThat(splitsById("hub")).isEqualTo(splitsById("folder"));
    assertThat(samples("hub")).extracting(row -> row.getAs("label_id")).containsOnly(0, 1, 2);
  }

  private static Dataset<Row> withBytes(Path prepared) {
    UserDefinedFunction read =
        udf((UDF1<String, byte[]>) PrepareStageTest::read, DataTypes.BinaryType);
    return SampleTable.read(spark, prepared.toString())
        .withColumn("bytes", read.apply(col("reference")));
  }

  @Test
  void rowsWithoutALabelAreUnlabelled() throws Exception {
    Path root = classFolders(2);
    Path extra = Files.createDirectories(root.resolve("unlabelled/camera 3"));
    Files.write(extra.resolve("a.png"), TestImages.gradient(9, 9, "png"));
    Files.write(root.resolve("unlabelled/b.png"), TestImages.gradient(9, 9, "png"));
    Map<String, Object> metrics = run(settings(root.toString(), "prepare.store = packed"), "out");
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
    assertThat(run(settings(table, ""), "again").get("splits")).isEqualTo(metrics.get("splits"));
  }

  @Test
  void tablesThatCannotBeUsedAreRefused() {
    String table = folder.resolve("bad.parquet").toString();
    spark.sql("select 'cat' as label, 1 as height").write().parquet(table);
    assertThatThrownBy(() -> run(settings(table, ""), "out"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("bad.parquet: needs a column bytes")
        .hasMessageContaining("[label, height]");
    String twice = folder.resolve("twice.parquet").toString();
    spark
        .sql("select 'a' as id, 'cat' as label, binary('x') as bytes from range(2)")
        .write()
        .parquet(twice);
    assertThatThrownBy(() -> run(settings(twice, ""), "out"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("id a occurs twice");
  }

  @Test
  void listsTolerateWindowsAndStayInsideTheirRoot() throws Exception {
    Path root = classFolders(1);
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
    run(settings("drawn:novel", few), "first");
    run(settings("drawn:novel", few + "\nseed = 9"), "second");
    assertThat(samples("first")).hasSize(12);
    for (int i = 0; i < 12; i++) {
      assertThat(read(reference(samples("first").get(i))))
          .isEqualTo(read(reference(samples("second").get(i))));
    }
  }

  @Test
  void aSourceWithoutTestSamplesIsRefused() throws Exception {
    Path train = classFolders(1).resolve("train");
    assertThatThrownBy(() -> run(settings(train.toString(), ""), "out"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("data.test is not set");
    assertThatThrownBy(() -> run(settings(folder.resolve("none").toString(), ""), "out"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("no such file or folder");
  }

  @Tag("real-data")
  @Test
  void realPhotographs() {
    Path zip = Path.of(System.getProperty("lsg.shared.dir"), "data/images/clothing-subset.zip");
    Map<String, Object> metrics =
        run(settings(zip.toString(), "data.label-budget = \"15%\""), "out");
    assertThat(metrics.get("classes")).isEqualTo(10);
    assertThat(metrics.get("rejected")).isEqualTo(Map.of());
    assertThat(metrics.get("splits").toString()).contains("train=60", "unlabelled=340");
  }
}
