package io.github.lsgspark.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Parquet files as the HuggingFace Hub's library writes them. */
final class HubTables {
  private HubTables() {}

  /**
   * Writes a file.
   *
   * @param fields of the schema
   * @param names of classes for column label; none: the file does not say
   * @param fill sets the columns of a row
   */
  static Path write(
      Path file, String fields, int rows, BiConsumer<Group, Integer> fill, String... names)
      throws IOException {
    return named(file, fields, rows, fill, "label", names);
  }

  /**
   * Writes a file with the names of another column.
   *
   * @param label that column
   */
  static Path named(
      Path file,
      String fields,
      int rows,
      BiConsumer<Group, Integer> fill,
      String label,
      String... names)
      throws IOException {
    MessageType schema = MessageTypeParser.parseMessageType("message t { " + fields + " }");
    String info =
        "{\"info\": {\"features\": {\""
            + label
            + "\": {\"names\": [\""
            + String.join("\", \"", names)
            + "\"], \"_type\": \"ClassLabel\"}}}}";
    Files.createDirectories(file.getParent());
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
            .withType(schema)
            .withExtraMetaData(names.length == 0 ? Map.of() : Map.of("huggingface", info))
            .build()) {
      for (int i = 0; i < rows; i++) {
        Group row = new SimpleGroup(schema);
        fill.accept(row, i);
        writer.write(row);
      }
    }
    return file;
  }

  /** A column of encoded samples and their paths. */
  static String samples(String column) {
    return "optional group "
        + column
        + " { optional binary bytes; optional binary path (STRING); } ";
  }

  /**
   * Sets such a column.
   *
   * @param path null: none
   */
  static void sample(Group row, String column, byte[] bytes, String path) {
    Group sample = row.addGroup(column);
    if (bytes != null) {
      sample.add("bytes", Binary.fromConstantByteArray(bytes));
    }
    if (path != null) {
      sample.add("path", path);
    }
  }
}
