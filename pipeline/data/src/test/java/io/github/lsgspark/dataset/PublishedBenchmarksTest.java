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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Benchmarks in the form in which they are published, three classes of each. */
class PublishedBenchmarksTest {
  private static final Map<String, List<String>> CLASSES =
      Map.of(
          "cub-200-2011", List.of("Laysan Albatross", "Le Conte Sparrow", "Chuck will Widow"),
          "fgvc-aircraft", List.of("Yak-42", "A330-200", "DH-82 Moth"),
          "stanford-cars",
              List.of(
                  "AM General Hummer SUV 2000", "Audi TT RS Coupe 2012", "Acura TL Type-S 2008"),
          "cifar-100", List.of("beaver", "aquarium_fish", "maple_tree"),
          "oxford-pets", List.of("Abyssinian", "american bulldog", "Egyptian Mau"));

  private static SparkSession spark;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    spark = LocalSpark.session();
  }

  private Path benchmark(String format) throws IOException {
    Path root = Files.createDirectories(folder.resolve("data"));
    switch (format) {
      case "cub-200-2011" -> TinyBenchmarks.birds(root);
      case "fgvc-aircraft" -> TinyBenchmarks.aircraft(root);
      case "stanford-cars" -> TinyBenchmarks.cars(root);
      case "cifar-100" -> TinyBenchmarks.cifar(root);
      case "oxford-pets" -> TinyBenchmarks.pets(root);
      default -> throw new IllegalArgumentException("no pictures: " + format);
    }
    return root;
  }

  private static void pack(String format, Path root) throws IOException {
    switch (format) {
      case "cub-200-2011" ->
          TinyBenchmarks.pack(root, "CUB_200_2011.tgz", "attributes.txt", "CUB_200_2011");
      case "fgvc-aircraft" ->
          TinyBenchmarks.pack(root, "fgvc-aircraft-2013b.tar.gz", "fgvc-aircraft-2013b");
      case "stanford-cars" -> {
        TinyBenchmarks.pack(root, "car_devkit.tgz", "devkit");
        TinyBenchmarks.pack(root, "cars_train.tgz", "cars_train");
        TinyBenchmarks.pack(root, "cars_test.tgz", "cars_test");
      }
      case "cifar-100" -> TinyBenchmarks.pack(root, "cifar-100-binary.tar.gz", "cifar-100-binary");
      case "oxford-pets" -> {
        TinyBenchmarks.pack(root, "images.tar.gz", "images");
        TinyBenchmarks.pack(root, "annotations.tar.gz", "annotations");
      }
      default -> throw new IllegalArgumentException("no pictures: " + format);
    }
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
    pack(format, root);
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
    pack("cub-200-2011", root);
    run("cub-200-2011", root.resolve("CUB_200_2011.tgz"), "", "archive");
    assertThat(column("archive", "label")).hasSize(18).isEqualTo(column("inner", "label"));
  }

  @ParameterizedTest
  @CsvSource({
    "cub-200-2011, CUB_200_2011/classes.txt",
    "cub-200-2011, CUB_200_2011/images.txt",
    "cub-200-2011, CUB_200_2011/image_class_labels.txt",
    "cub-200-2011, CUB_200_2011/train_test_split.txt",
    "fgvc-aircraft, fgvc-aircraft-2013b/data/variants.txt",
    "fgvc-aircraft, fgvc-aircraft-2013b/data/images_variant_trainval.txt",
    "fgvc-aircraft, fgvc-aircraft-2013b/data/images_variant_test.txt",
    "stanford-cars, devkit/cars_meta.mat",
    "stanford-cars, devkit/cars_train_annos.mat",
    "stanford-cars, cars_test_annos_withlabels.mat",
    "cifar-100, cifar-100-binary/fine_label_names.txt",
    "cifar-100, cifar-100-binary/train.bin",
    "cifar-100, cifar-100-binary/test.bin",
    "oxford-pets, annotations/trainval.txt",
    "oxford-pets, annotations/test.txt",
  })
  void aMissingFileIsNamed(String format, String file) throws Exception {
    Path root = benchmark(format);
    Files.delete(root.resolve(file));
    String name = Path.of(file).getFileName().toString();
    assertThatThrownBy(() -> run(format, root, "", "out"))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
        .hasMessageContaining("/" + file + " is missing; ")
        .hasMessageContaining(" as published has ");
    if (!file.startsWith("cars_")) {
      pack(format, root);
      assertThatThrownBy(() -> run(format, root, "", "out"))
          .hasMessageContaining("/" + name + " is missing; ");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "cub-200-2011, CUB_200_2011/classes.txt, '1 001.A\n1 002.B', ':2: must not repeat 1 of line 1'",
    "cub-200-2011, CUB_200_2011/images.txt, '1 a/b.jpg\n99', ':2: must be \"picture-number path\"'",
    "cub-200-2011, CUB_200_2011/images.txt, '99 a/b.jpg', ':1: must have a line in '",
    "cub-200-2011, CUB_200_2011/image_class_labels.txt, '1 4', ':1: must end in the number of a'",
    "cub-200-2011, CUB_200_2011/train_test_split.txt, '\n1 yes', ':2: must end in 1 for training'",
    "fgvc-aircraft, fgvc-aircraft-2013b/data/images_variant_test.txt, '1 Yak', ':1: must end in a'",
    "fgvc-aircraft, fgvc-aircraft-2013b/data/variants.txt, '\n', ': is empty'",
    "stanford-cars, devkit/cars_meta.mat, 'MATLAB', ': is no readable MATLAB file'",
    "stanford-cars, devkit/cars_train_annos.mat, '', ': is no readable MATLAB file'",
    "cifar-100, cifar-100-binary/fine_label_names.txt, 'beaver', ': fine label must be below 1'",
    "cifar-100, cifar-100-binary/test.bin, 'abc', ': record 0 must have 3074 bytes, but has 3'",
    "oxford-pets, annotations/test.txt, 'Pug_1 9 1', ':1: must be \"picture class species breed\"'",
    "oxford-pets, annotations/test.txt, 'Pug 9 1 1', ':1: must be \"Name_number class'",
    "oxford-pets, annotations/test.txt, 'Pug_1 3 1 1', ':1: must name class 3 \"Egyptian Mau\"'",
  })
  void aDamagedLineIsNamed(String format, String file, String content, String message)
      throws Exception {
    Path root = benchmark(format);
    Files.writeString(root.resolve(file), content);
    assertThatThrownBy(() -> run(format, root, "", "out"))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
        .hasMessageContaining(Path.of(file).getFileName().toString())
        .hasMessageContaining(message);
  }

  @Test
  void matlabListsOfAnotherKindAreRefused() throws Exception {
    Path root = benchmark("stanford-cars");
    Path meta = root.resolve("devkit/cars_meta.mat");
    Path train = root.resolve("devkit/cars_train_annos.mat");
    byte[] names = Files.readAllBytes(meta);
    Files.copy(train, meta, StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> run("stanford-cars", root, "", "out"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("cars_meta.mat: class_names(1) must have a text");
    Files.write(meta, names);
    // A byte above 127 is a number still.
    TinyBenchmarks.cars(folder.resolve("other"), 193);
    Files.copy(
        folder.resolve("other/devkit/cars_train_annos.mat"),
        train,
        StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> run("stanford-cars", root, "", "out"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("cars_train_annos.mat: annotations(1): class must be from 1 to 3")
        .hasMessageContaining("but was: 194");
  }

  @Test
  void aMissingPictureIsSetAside() throws Exception {
    Path root = benchmark("fgvc-aircraft");
    Files.delete(root.resolve("fgvc-aircraft-2013b/data/images/0001003.jpg"));
    for (String form : List.of("folder", "archive")) {
      Path source = root;
      if (form.equals("archive")) {
        pack("fgvc-aircraft", root);
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
  void anArchiveThatEndsEarlyIsRefused() throws Exception {
    Path root = benchmark("oxford-pets");
    pack("oxford-pets", root);
    Path images = root.resolve("images.tar.gz");
    byte[] whole = Files.readAllBytes(images);
    Files.write(images, Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> run("oxford-pets", root, "", "out"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("images.tar.gz: cannot be unpacked, after ");
    Files.write(images, "<html>".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> run("oxford-pets", root, "", "out"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("images.tar.gz: cannot be unpacked, after 0 files");
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
    assertThat(row.<String>getAs("label")).isEqualTo("aquarium_fish");
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
