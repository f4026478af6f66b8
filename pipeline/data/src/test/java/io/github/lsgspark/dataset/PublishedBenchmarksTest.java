package io.github.lsgspark.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.modality.DecodedImage;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.text.Label;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Benchmarks in the form in which they are published, three classes of each. */
@Tag("long-5")
class PublishedBenchmarksTest {
  private static final Map<String, List<String>> CLASSES =
      Map.of(
          "cub-200-2011", List.of("Laysan Albatross", "Le Conte Sparrow", "Chuck will Widow"),
          "fgvc-aircraft", List.of("Yak-42", "A330-200", "DH-82 Moth"),
          "stanford-cars",
              List.of(
                  "AM General Hummer SUV 2000", "Audi TT RS Coupe 2012", "Acura TL Type-S 2008"),
          "cifar-100", List.of("beaver", "aquarium fish", "maple tree"),
          "oxford-pets", List.of("Abyssinian", "american bulldog", "Egyptian Mau"));

  private static SparkSession spark;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    spark = LocalSpark.session();
  }

  private Path benchmark(String format) throws IOException {
    Path root = Files.createDirectories(folder.resolve("data"));
    TinyBenchmarks.write(format, root);
    return root;
  }

  private static Settings settings(String format, Path root, String more) {
    return SettingsLoader.parse(
        "prepare.partitions = 2, data { format = "
            + format
            + ", train = \""
            + root
            + "\" }\n"
            + more);
  }

  private Map<String, Object> run(String format, Path root, String more, String out) {
    return PrepareStage.run(spark, settings(format, root, more), folder.resolve(out).toString());
  }

  private List<Row> samples(String out) {
    return SampleTable.read(spark, folder.resolve(out).toString()).orderBy("id").collectAsList();
  }

  private Map<String, String> column(String out, String name) {
    return samples(out).stream()
        .collect(Collectors.toMap(row -> row.getAs("id"), row -> row.getAs(name).toString()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"cub-200-2011", "fgvc-aircraft", "stanford-cars", "cifar-100", "oxford-pets"})
  void classesAndSplitsAreThePublishedOnes(String format) throws Exception {
    Path root = benchmark(format);
    Map<String, Object> metrics = run(format, root, "data.label-budget = \"50%\"", "folder");
    assertThat(metrics.get("splits")).isEqualTo(Map.of("train", 6L, "unlabelled", 6L, "test", 6L));
    assertThat(metrics.get("rejected")).isEqualTo(Map.of());
    assertThat(metrics.get("per_class").toString()).containsSubsequence(CLASSES.get(format));
    assertThat(
            SampleTable.labels(
                    new HadoopFiles(new Configuration()), folder.resolve("folder").toString())
                .labels())
        .extracting(Label::name)
        .containsExactlyElementsOf(CLASSES.get(format));
    List<Row> folders = samples("folder");
    for (Row row : folders) {
      int label = row.getAs("label_id");
      assertThat(row.<String>getAs("label")).isEqualTo(CLASSES.get(format).get(label));
      assertThat(Files.readAllBytes(Path.of(Place.of(reference(row)).path()))).isNotEmpty();
    }
    // As downloaded: the same samples, the same draw, whatever the store.
    TinyBenchmarks.pack(format, root);
    run(format, root, "data.label-budget = \"50%\"\nprepare.store = reference", "archives");
    List<Row> archived = samples("archives");
    assertThat(archived)
        .extracting(PublishedBenchmarksTest::withoutReference)
        .isEqualTo(folders.stream().map(PublishedBenchmarksTest::withoutReference).toList());
    assertThat(archived)
        .extracting(PublishedBenchmarksTest::reference)
        .allMatch(reference -> reference.contains("/archives/packs/part-"));
    assertThat(folder.resolve("archives/scratch")).doesNotExist();
  }

  private static List<Object> withoutReference(Row row) {
    return List.of(
        row.getAs("id"),
        row.getAs("label_id"),
        row.getAs("split"),
        row.getAs("width"),
        row.getAs("height"));
  }

  private static String reference(Row row) {
    return row.<String>getAs("reference").replaceFirst("^file:", "");
  }

  @Test
  void anArchiveAloneAndTheInnerFolderWillDo() throws Exception {
    Path root = benchmark("cub-200-2011");
    run("cub-200-2011", root.resolve("CUB_200_2011"), "", "inner");
    TinyBenchmarks.pack("cub-200-2011", root);
    run("cub-200-2011", root.resolve("CUB_200_2011.tgz"), "", "archive");
    assertThat(column("archive", "label")).hasSize(18).isEqualTo(column("inner", "label"));
  }

  @Test
  void aMissingPictureIsSetAside() throws Exception {
    Path root = benchmark("fgvc-aircraft");
    Files.delete(root.resolve("fgvc-aircraft-2013b/data/images/0001003.jpg"));
    for (String form : List.of("folder", "archive")) {
      Path source = root;
      if (form.equals("archive")) {
        TinyBenchmarks.pack("fgvc-aircraft", root);
        source = root.resolve("fgvc-aircraft-2013b.tar.gz");
      }
      Map<String, Object> metrics =
          run("fgvc-aircraft", source, "prepare.max-bad-fraction = 0.1", form);
      assertThat(metrics.get("rejected")).isEqualTo(Map.of("MISSING_FILE", 1L));
      assertThat(metrics.get("splits")).isEqualTo(Map.of("train", 11L, "test", 6L));
    }
    assertThatThrownBy(() -> run("fgvc-aircraft", root, "", "none"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("images/0001003.jpg (MISSING_FILE");
  }

  @Test
  void binaryPicturesKeepTheirValues() throws Exception {
    run("cifar-100", benchmark("cifar-100"), "", "out");
    // The seventh training record is picture 9: six per class, the last two of each for the test.
    Row row =
        samples("out").stream()
            .filter(sample -> sample.getAs("id").equals("train/00006.png"))
            .findFirst()
            .orElseThrow();
    DecodedImage image =
        new SampleSource(new Configuration(), InputSpec.reading(SettingsLoader.parse("")))
            .decode(new Sample("train/00006.png", row.getAs("label_id"), row.getAs("reference")))
            .picture();
    assertThat(row.<String>getAs("label")).isEqualTo("aquarium fish");
    for (int i = 0; i < 1024; i++) {
      for (int colour = 0; colour < 3; colour++) {
        assertThat(image.rgb()[3 * i + colour] & 0xFF)
            .isEqualTo(TinyBenchmarks.cifarValue(9, 1024 * colour + i));
      }
    }
  }

  @Test
  void creditsBelowPicturesAreCutOff() throws Exception {
    Path root = benchmark("fgvc-aircraft");
    run("fgvc-aircraft", root, "prepare.crop-bottom = 20", "out");
    assertThat(column("out", "height")).hasSize(18).values().containsOnly("20");
    assertThatThrownBy(() -> run("fgvc-aircraft", root, "prepare.crop-bottom = 40", "none"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("TOO_SMALL: 40 rows, of which prepare.crop-bottom takes 40");
  }

  @Test
  void theTestSplitIsTheBenchmarksOwn() throws Exception {
    Path root = benchmark("oxford-pets");
    assertThatThrownBy(() -> run("oxford-pets", root, "data.test = \"elsewhere\"", "out"))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.USAGE))
        .hasMessageContaining("data.test must not be set")
        .hasMessageContaining("elsewhere");
    assertThatThrownBy(() -> run("oxford-pets", root.resolve("none"), "", "out"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("none: no such file or folder; Oxford-IIIT Pet as published has");
  }
}
