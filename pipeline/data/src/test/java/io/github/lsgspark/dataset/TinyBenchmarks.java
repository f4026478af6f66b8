package io.github.lsgspark.dataset;

import io.github.lsgspark.dataset.image.TestImages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.Cell;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.MatlabType;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Struct;

/**
 * Benchmarks of three classes in their published layouts: four training and two test pictures of
 * each class.
 */
final class TinyBenchmarks {
  static final int TRAIN = 4;
  static final int TEST = 2;
  static final int HEIGHT = 40;

  private TinyBenchmarks() {}

  private interface Pictures {
    /**
     * @param number of the picture, from 1
     * @param label of the class, from 0
     */
    void add(int number, int label, boolean training) throws IOException;
  }

  private static void forAll(Pictures pictures) throws IOException {
    int number = 1;
    for (int label = 0; label < 3; label++) {
      for (int i = 0; i < TRAIN + TEST; i++) {
        pictures.add(number++, label, i < TRAIN);
      }
    }
  }

  private static void picture(Path path, int number) throws IOException {
    write(path, TestImages.gradient(30 + number, HEIGHT, "jpg"));
  }

  private static void write(Path path, byte[] content) throws IOException {
    Files.createDirectories(path.getParent());
    Files.write(path, content);
  }

  private static void write(Path path, CharSequence content) throws IOException {
    write(path, content.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Writes one of the benchmarks with pictures. */
  static void write(String format, Path root) throws IOException {
    switch (format) {
      case "cub-200-2011" -> birds(root);
      case "fgvc-aircraft" -> aircraft(root);
      case "stanford-cars" -> cars(root);
      case "cifar-100" -> cifar(root);
      case "oxford-pets" -> pets(root);
      default -> throw new IllegalArgumentException("no pictures: " + format);
    }
  }

  /** Packs a benchmark as it is downloaded, in place of its folders. */
  static void pack(String format, Path root) throws IOException {
    switch (format) {
      case "cub-200-2011" -> pack(root, "CUB_200_2011.tgz", "attributes.txt", "CUB_200_2011");
      case "fgvc-aircraft" -> pack(root, "fgvc-aircraft-2013b.tar.gz", "fgvc-aircraft-2013b");
      case "stanford-cars" -> {
        pack(root, "car_devkit.tgz", "devkit");
        pack(root, "cars_train.tgz", "cars_train");
        pack(root, "cars_test.tgz", "cars_test");
      }
      case "cifar-100" -> pack(root, "cifar-100-binary.tar.gz", "cifar-100-binary");
      case "oxford-pets" -> {
        pack(root, "images.tar.gz", "images");
        pack(root, "annotations.tar.gz", "annotations");
      }
      default -> throw new IllegalArgumentException("no pictures: " + format);
    }
  }

  static void birds(Path root) throws IOException {
    Path top = root.resolve("CUB_200_2011");
    List<String> classes =
        List.of("001.Laysan_Albatross", "002.Le_Conte_Sparrow", "003.Chuck_will_Widow");
    StringBuilder images = new StringBuilder();
    StringBuilder labels = new StringBuilder();
    StringBuilder splits = new StringBuilder();
    forAll(
        (number, label, training) -> {
          String path = classes.get(label) + "/Bird_00" + number + ".jpg";
          images.append(number + " " + path + "\n");
          labels.append(number + " " + (label + 1) + "\n");
          splits.append(number + " " + (training ? 1 : 0) + "\n");
          picture(top.resolve("images/" + path), number);
        });
    write(top.resolve("images.txt"), images);
    write(top.resolve("image_class_labels.txt"), labels);
    write(top.resolve("train_test_split.txt"), splits);
    write(
        top.resolve("classes.txt"),
        "1 " + classes.get(0) + "\n2 " + classes.get(1) + "\n3 " + classes.get(2) + "\n");
    write(root.resolve("attributes.txt"), "1 has_bill_shape::curved\n");
  }

  static void aircraft(Path root) throws IOException {
    Path top = root.resolve("fgvc-aircraft-2013b/data");
    List<String> classes = List.of("Yak-42", "A330-200", "DH-82 Moth");
    StringBuilder train = new StringBuilder();
    StringBuilder test = new StringBuilder();
    forAll(
        (number, label, training) -> {
          String name = String.format("%07d", 1000 + number);
          (training ? train : test).append(name + " " + classes.get(label) + "\n");
          picture(top.resolve("images/" + name + ".jpg"), number);
        });
    write(top.resolve("variants.txt"), String.join("\n", classes) + "\n");
    write(top.resolve("images_variant_trainval.txt"), train);
    write(top.resolve("images_variant_test.txt"), test);
  }

  static void pets(Path root) throws IOException {
    List<String> names = List.of("Abyssinian", "american_bulldog", "Egyptian_Mau");
    StringBuilder train = new StringBuilder();
    StringBuilder test = new StringBuilder();
    forAll(
        (number, label, training) -> {
          String name = names.get(label) + "_" + number;
          (training ? train : test).append(name + " " + (label + 1) + " 1 1\n");
          picture(root.resolve("images/" + name + ".jpg"), number);
        });
    write(root.resolve("annotations/trainval.txt"), train);
    write(root.resolve("annotations/test.txt"), test);
  }

  static void cars(Path root) throws IOException {
    cars(root, 0);
  }

  /**
   * @param shift added to all class numbers
   */
  static void cars(Path root, int shift) throws IOException {
    Cell names = Mat5.newCell(1, 3);
    names.set(0, Mat5.newString("AM General Hummer SUV 2000"));
    names.set(1, Mat5.newString("Audi TT RS Coupe 2012"));
    names.set(2, Mat5.newString("Acura TL Type-S 2008"));
    mat(root.resolve("devkit/cars_meta.mat"), Mat5.newMatFile().addArray("class_names", names));
    Struct train = Mat5.newStruct(1, 3 * TRAIN);
    Struct test = Mat5.newStruct(1, 3 * TEST);
    int[] filled = new int[2];
    forAll(
        (number, label, training) -> {
          int at = filled[training ? 0 : 1]++;
          String name = String.format("%05d.jpg", at + 1);
          Struct list = training ? train : test;
          list.set("bbox_x1", at, Mat5.newScalar(3));
          Matrix type = Mat5.newMatrix(1, 1, MatlabType.UInt8);
          type.setInt(0, label + 1 + shift);
          list.set("class", at, type);
          list.set("fname", at, Mat5.newString(name));
          picture(root.resolve(training ? "cars_train" : "cars_test").resolve(name), number);
        });
    mat(
        root.resolve("devkit/cars_train_annos.mat"),
        Mat5.newMatFile().addArray("annotations", train));
    mat(
        root.resolve("cars_test_annos_withlabels.mat"),
        Mat5.newMatFile().addArray("annotations", test));
  }

  private static void mat(Path path, MatFile content) throws IOException {
    Files.createDirectories(path.getParent());
    Mat5.writeToFile(content, path.toFile());
  }

  static void cifar(Path root) throws IOException {
    Path top = root.resolve("cifar-100-binary");
    ByteArrayOutputStream train = new ByteArrayOutputStream();
    ByteArrayOutputStream test = new ByteArrayOutputStream();
    forAll(
        (number, label, training) -> {
          ByteArrayOutputStream out = training ? train : test;
          out.write(19);
          out.write(label);
          for (int i = 0; i < 3 * 1024; i++) {
            out.write(cifarValue(number, i));
          }
        });
    write(top.resolve("train.bin"), train.toByteArray());
    write(top.resolve("test.bin"), test.toByteArray());
    write(top.resolve("fine_label_names.txt"), "beaver\naquarium_fish\nmaple_tree\n\n");
    write(top.resolve("coarse_label_names.txt"), "aquatic_mammals\n");
  }

  /** The value at a place of the record of a picture: red, green, then blue, row by row. */
  static int cifarValue(int number, int place) {
    return (number * 31 + place * 7 + place / 1024) & 0xFF;
  }

  /** Packs a folder as the authors do, and deletes it. */
  static void pack(Path root, String archive, String... folders) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(root.resolve(archive)));
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      for (String folder : folders) {
        try (var paths = Files.walk(root.resolve(folder))) {
          for (Path path : paths.toList()) {
            tar.putArchiveEntry(
                new TarArchiveEntry(path.toFile(), root.relativize(path).toString()));
            if (Files.isRegularFile(path)) {
              Files.copy(path, tar);
            }
            tar.closeArchiveEntry();
          }
        }
        delete(root.resolve(folder));
      }
    }
  }

  static void delete(Path path) throws IOException {
    try (var paths = Files.walk(path)) {
      paths
          .sorted((a, b) -> b.compareTo(a))
          .forEach(
              each -> {
                try {
                  Files.delete(each);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
