package io.github.lsgspark.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.testing.LocalSpark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Published benchmarks with missing files, damaged lines and archives: what is named. */
class DamagedBenchmarksTest {
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
      TinyBenchmarks.pack(format, root);
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
  void anArchiveThatEndsEarlyIsRefused() throws Exception {
    Path root = benchmark("oxford-pets");
    TinyBenchmarks.pack("oxford-pets", root);
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
}
