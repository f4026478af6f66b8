package io.github.lsgspark.dataset;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.github.lsgspark.config.LsgException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * A Parquet table of pictures, as Spark's binaryFile source, the HuggingFace Hub or this program
 * writes it. Columns:
 *
 * <ul>
 *   <li>the picture: {@code bytes}, {@code content} or {@code image} (binary, or a struct with
 *       {@code bytes}); where that is null or absent, {@code reference} or {@code path} of a file,
 *       or of a pack beside the table;
 *   <li>{@code id}, else {@code path}, {@code reference} or {@code image.path}: unique;
 *   <li>{@code label}: a name, or a number of a line of labels.file counted from 0; null or empty
 *       in a training row: unlabelled;
 *   <li>{@code split}, optional.
 * </ul>
 */
final class ParquetSource {
  private static final String SUFFIX = ".parquet";
  static final List<String> PICTURES = List.of("bytes", "content", "image");
  static final List<String> PATHS = List.of("reference", "path");

  private final SparkSession spark;
  private final String source;
  private final Dataset<Row> table;

  ParquetSource(SparkSession spark, String source) {
    this.spark = spark;
    this.source = source;
    try {
      this.table = spark.read().parquet(source);
    } catch (RuntimeException e) {
      throw unreadable(e);
    } catch (Exception e) {
      // Scala does not declare the checked AnalysisException.
      throw unreadable(e);
    }
  }

  private LsgException unreadable(Exception e) {
    return LsgException.input(source + ": cannot be read as Parquet: " + e.getMessage(), e);
  }

  /** Whether a path is a Parquet file, or a folder that directly holds one. */
  static boolean isTable(FileSystem fileSystem, Path path) throws IOException {
    if (isNamed(path)) {
      return true;
    }
    FileStatus status = fileSystem.getFileStatus(path);
    return status.isDirectory()
        && Arrays.stream(fileSystem.listStatus(path)).anyMatch(child -> isNamed(child.getPath()));
  }

  private static boolean isNamed(Path path) {
    return path.getName().toLowerCase(Locale.ROOT).endsWith(SUFFIX);
  }

  /**
   * All rows, without the pictures.
   *
   * @param split of rows that name none
   * @param splits names of splits, and what they mean here
   * @param root folder that relative paths start from; empty: the one that holds the table
   * @throws LsgException exit 3 if a column is missing or an id is null or occurs twice
   */
  List<SourceEntry> list(String split, Map<String, String> splits, String root) {
    Path base = root.isEmpty() ? new Path(source).getParent() : new Path(root);
    Column picture = picture();
    Dataset<Row> rows =
        table.select(
            id().as("id"),
            optional("label").as("label"),
            optional("split").as("split"),
            picture == null ? lit(false).as("inline") : picture.isNotNull().as("inline"),
            reference().as("reference"));
    List<SourceEntry> entries = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Row row : rows.collectAsList()) {
      String id = row.getString(0);
      if (id == null || id.isEmpty()) {
        throw LsgException.input(source + ": holds a row without an id");
      }
      if (!seen.add(id)) {
        throw LsgException.input(source + ": id " + id + " occurs twice");
      }
      String label = row.isNullAt(1) ? "" : row.getString(1).strip();
      String own = row.isNullAt(2) ? split : known(row.getString(2), splits, id);
      if (label.isEmpty() && own.equals(SampleTable.TRAIN)) {
        own = SampleTable.UNLABELLED;
      }
      if (row.getBoolean(3)) {
        entries.add(SourceEntry.row(id, label, own, source));
      } else {
        String path = row.isNullAt(4) ? id : row.getString(4);
        boolean packed = path.matches(PackFolder.REFERENCE);
        entries.add(
            SourceEntry.file(
                id, label, own, resolved(packed ? new Path(source).getParent() : base, path)));
      }
    }
    return entries;
  }

  private String known(String split, Map<String, String> splits, String id) {
    String known = splits.get(split);
    if (known == null) {
      throw LsgException.input(
          source + ": id " + id + " has split " + split + "; known are " + splits.keySet());
    }
    return known;
  }

  static String resolved(Path base, String path) {
    return path.startsWith("/") || path.contains(":/") ? path : base + "/" + path;
  }

  /** A row of the table with its picture. */
  record Content(String id, byte[] bytes) {}

  /** The pictures that lie in the table itself. */
  JavaRDD<Content> contents() {
    Column picture = picture();
    if (picture == null) {
      return org.apache.spark.api.java.JavaSparkContext.fromSparkContext(spark.sparkContext())
          .emptyRDD();
    }
    return table
        .select(id().as("id"), picture.as("bytes"))
        .where(col("bytes").isNotNull())
        .javaRDD()
        .map(row -> new Content(row.getString(0), (byte[]) row.get(1)));
  }

  private Column picture() {
    for (String name : PICTURES) {
      DataType type = type(name);
      if (type instanceof BinaryType) {
        return col(name);
      }
      if (type instanceof StructType struct
          && Arrays.asList(struct.fieldNames()).contains("bytes")) {
        return col(name + ".bytes");
      }
    }
    for (String name : PATHS) {
      if (type(name) instanceof StringType) {
        return null;
      }
    }
    throw LsgException.input(
        source
            + ": needs a column bytes, content or image with the picture, or path with its place,"
            + " but has "
            + Arrays.toString(table.columns()));
  }

  private Column id() {
    if (type("id") != null) {
      return col("id").cast("string");
    }
    List<Column> paths = paths();
    if (paths.isEmpty()) {
      throw LsgException.input(
          source + ": needs a column id, but has " + Arrays.toString(table.columns()));
    }
    return coalesce(paths.toArray(Column[]::new));
  }

  private Column reference() {
    List<Column> paths = paths();
    return paths.isEmpty() ? lit(null).cast("string") : coalesce(paths.toArray(Column[]::new));
  }

  private List<Column> paths() {
    List<Column> paths = new ArrayList<>();
    for (String name : PATHS) {
      if (type(name) instanceof StringType) {
        paths.add(col(name));
      }
    }
    if (type("image") instanceof StructType struct
        && Arrays.asList(struct.fieldNames()).contains("path")) {
      paths.add(col("image.path"));
    }
    return paths;
  }

  private Column optional(String name) {
    return type(name) == null ? lit(null).cast("string") : col(name).cast("string");
  }

  private DataType type(String name) {
    return Arrays.asList(table.columns()).contains(name)
        ? table.schema().apply(name).dataType()
        : null;
  }
}
