package io.github.lsgspark.jobs;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * Pictures in one of the layouts that people have, drawn by a seed: classes of unequal sizes, with
 * or without a test and a validation part.
 *
 * @param path of the source
 * @param counts samples of each split
 * @param classes how many there are
 */
record RandomSource(Path path, Map<String, Integer> counts, int classes) {

  /** How samples are kept. */
  enum Kind {
    FOLDER,
    CLASS_THEN_SPLIT,
    ZIP,
    LIST,
    JSON_LINES,
    TABLE_FILE,
    TABLES_OF_SPLITS
  }

  private static final String[] NAMES = {"red fox", "blue_jay", "GreenFrog", "Ara 4"};
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          "message t { optional group image { optional binary bytes; optional binary path (STRING);"
              + " } optional int64 label; optional binary split (STRING); }");

  /** One sample. */
  private record Picture(String split, int label, byte[] bytes, String name) {}

  /**
   * Draws and writes one.
   *
   * @param others splits beside that for training
   * @param large whether there are enough training samples to set some aside
   */
  static RandomSource write(Path folder, Kind kind, List<String> others, boolean large, long seed)
      throws IOException {
    Random random = new Random(seed);
    int classes = 2 + random.nextInt(3);
    List<String> splits = new ArrayList<>(List.of("train"));
    splits.addAll(others);
    List<Picture> pictures = new ArrayList<>();
    Map<String, Integer> counts = new TreeMap<>();
    for (String split : splits) {
      for (int label = 0; label < classes; label++) {
        int size = (large && split.equals("train") ? 52 : 2) + random.nextInt(4);
        counts.merge(split, size, Integer::sum);
        for (int i = 0; i < size; i++) {
          byte[] png = SmallPictures.png(label, random.nextLong());
          pictures.add(new Picture(split, label, png, split + label + "-" + i + ".png"));
        }
      }
    }
    boolean single = splits.size() == 1;
    Path path =
        switch (kind) {
          case FOLDER -> tree(folder.resolve("photos"), pictures, single ? "%2$s" : "%1$s/%2$s");
          case CLASS_THEN_SPLIT ->
              tree(folder.resolve("photos"), pictures, single ? "%2$s" : "%2$s/%1$s");
          case ZIP -> zip(folder.resolve("photos.zip"), pictures, single);
          case LIST -> list(folder, pictures);
          case JSON_LINES -> jsonLines(folder, pictures);
          case TABLE_FILE -> table(folder.resolve("photos.parquet"), pictures, true);
          case TABLES_OF_SPLITS -> tables(folder.resolve("photos"), pictures, splits);
        };
    return new RandomSource(path, counts, classes);
  }

  private static Path tree(Path root, List<Picture> pictures, String form) throws IOException {
    for (Picture one : pictures) {
      Path folder = root.resolve(form.formatted(one.split(), NAMES[one.label()]));
      Files.write(Files.createDirectories(folder).resolve(one.name()), one.bytes());
    }
    return root;
  }

  private static Path zip(Path file, List<Picture> pictures, boolean single) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Picture one : pictures) {
        String split = single ? "" : one.split() + "/";
        zip.putNextEntry(new ZipEntry("a/" + split + NAMES[one.label()] + "/" + one.name()));
        zip.write(one.bytes());
      }
    }
    return file;
  }

  private static Path list(Path folder, List<Picture> pictures) throws IOException {
    tree(folder.resolve("files"), pictures, "all");
    List<String> lines = new ArrayList<>(List.of("path,label,split"));
    pictures.forEach(
        one -> lines.add("files/all/" + one.name() + "," + NAMES[one.label()] + "," + one.split()));
    return Files.write(folder.resolve("photos.csv"), lines);
  }

  private static Path jsonLines(Path folder, List<Picture> pictures) throws IOException {
    tree(folder.resolve("files"), pictures, "all");
    String lines =
        pictures.stream()
            .map(
                one ->
                    "{\"file_name\": \"files/all/%s\", \"label\": \"%s\", \"split\": \"%s\"}"
                        .formatted(one.name(), NAMES[one.label()], one.split()))
            .collect(Collectors.joining("\n"));
    return Files.writeString(folder.resolve("photos.jsonl"), lines);
  }

  private static Path tables(Path root, List<Picture> pictures, List<String> splits)
      throws IOException {
    Files.createDirectories(root.resolve("data"));
    for (String split : splits) {
      String name = split.equals("val") ? "validation" : split;
      table(
          root.resolve("data/" + name + "-00000-of-00001.parquet"),
          pictures.stream().filter(one -> one.split().equals(split)).toList(),
          false);
    }
    Files.writeString(root.resolve("README.md"), "---\nlicense: mit\n---\n");
    return root;
  }

  private static Path table(Path file, List<Picture> pictures, boolean split) throws IOException {
    String names = "\"" + String.join("\", \"", NAMES) + "\"";
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
            .withType(SCHEMA)
            .withExtraMetaData(
                Map.of(
                    "huggingface",
                    "{\"info\": {\"features\": {\"label\": {\"names\": [" + names + "]}}}}"))
            .build()) {
      for (Picture one : pictures) {
        Group row = new SimpleGroup(SCHEMA);
        Group image = row.addGroup("image");
        image.add("bytes", Binary.fromConstantByteArray(one.bytes()));
        image.add("path", one.name());
        row.add("label", (long) one.label());
        if (split) {
          row.add("split", one.split());
        }
        writer.write(row);
      }
    }
    return file;
  }
}
