package io.github.lsgspark.dataset;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.github.lsgspark.config.ColumnSettings;
import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.layout.LeftOut;
import io.github.lsgspark.dataset.layout.Litter;
import io.github.lsgspark.dataset.layout.SplitNames;
import io.github.lsgspark.dataset.modality.FileEndings;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.RelativePath;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A Parquet table of samples, as Spark's binaryFile source, the HuggingFace Hub or this program
 * writes it ({@link TableFiles}, {@link TableColumns}).
 *
 * <p>A sample is its id, where the table has such a column; else its path, or, where that is null
 * or that of several rows, file and row. A row without a path is told by its file and its place
 * there. A label is a name, or a number: of a name that the file itself lists ({@link HubNames}),
 * or of a line of labels.file, from 0. A training row without one is unlabelled.
 */
final class ParquetSource {
  private static final Column FILE = col("_metadata.file_path");
  private static final Column ROW = col("_metadata.row_index");

  private final SparkSession spark;
  private final String source;
  private final HadoopFiles hadoopFiles;
  private final TableFiles files;
  private final Dataset<Row> table;
  private final TableColumns columns;
  private final DataSettings.Modality modality;
  private final Map<String, String> fileNames = new HashMap<>();

  ParquetSource(SparkSession spark, String source, DataSettings data) {
    this(spark, source, data, data.columns());
  }

  /**
   * @param names of columns, in the place of those of the settings
   */
  ParquetSource(SparkSession spark, String source, DataSettings data, ColumnSettings names) {
    this.spark = spark;
    this.source = source;
    this.modality = data.modality();
    this.hadoopFiles = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    try {
      FileSystem fileSystem = hadoopFiles.fileSystem(source);
      this.files = TableFiles.of(fileSystem, new Path(source), data.layout());
      DataFrameReader reader = spark.read();
      if (fileSystem.getFileStatus(new Path(source)).isDirectory()) {
        reader = reader.option("basePath", source);
      }
      String[] paths =
          files.files().stream().map(file -> file.getPath().toString()).toArray(String[]::new);
      this.table = reader.parquet(escaped(paths));
    } catch (LsgException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(source + ": " + e.getMessage(), e);
    } catch (RuntimeException e) {
      throw unreadable(e);
    } catch (Exception e) {
      // Scala does not declare the checked AnalysisException.
      throw unreadable(e);
    }
    this.columns = TableColumns.of(TableField.of(table.schema()), data, names, source);
  }

  /** Spark takes paths for patterns. */
  private static String[] escaped(String[] paths) {
    String[] escaped = new String[paths.length];
    for (int i = 0; i < paths.length; i++) {
      escaped[i] = paths[i].replaceAll("([\\[\\]{}*?\\\\])", "\\\\$1");
    }
    return escaped;
  }

  private LsgException unreadable(Exception e) {
    return LsgException.input(source + ": cannot be read as Parquet: " + e.getMessage(), e);
  }

  /**
   * All rows, without the samples.
   *
   * @param split of rows that name none, in a file that names none
   * @param splits names of splits, and what they mean here
   * @param root folder that relative paths start from; empty: the one that holds the table
   * @throws LsgException exit 3 if an id is null or occurs twice, or a split or a number of a label
   *     is not known
   */
  List<SourceEntry> list(String split, Map<String, String> splits, String root) {
    Path base = root.isEmpty() ? new Path(source).getParent() : new Path(root);
    Map<String, String> fileSplits = files.splits(splits);
    RowLabels labels = RowLabels.of(hadoopFiles, files, columns.label());
    List<Row> rows = rows();
    List<String> ids =
        RowPlace.ids(rows, this::place, columns.id().isPresent(), fileSplits, source);
    List<SourceEntry> entries = new ArrayList<>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      RowPlace place = place(row);
      String label = row.isNullAt(1) ? "" : labels.name(row.getString(1).strip(), place, source);
      String own =
          row.isNullAt(2)
              ? fileSplits.getOrDefault(place.file(), split)
              : known(row.getString(2), splits, ids.get(i));
      if (label.isEmpty() && own.equals(SampleTable.TRAIN)) {
        own = SampleTable.UNLABELLED;
      }
      if (row.getBoolean(3)) {
        entries.add(
            new SourceEntry(
                ids.get(i), label, own, SourceEntry.Kind.TABLE_ROW, source, place.key()));
      } else {
        String path = row.isNullAt(4) ? row.getString(0) : row.getString(4);
        if (path == null || path.isEmpty()) {
          throw LsgException.input(
              source
                  + ": row "
                  + place.row()
                  + " of "
                  + place.file()
                  + " holds neither sample nor path");
        }
        boolean packed = path.matches(PackFolder.REFERENCE);
        entries.add(
            SourceEntry.file(
                ids.get(i),
                label,
                own,
                resolved(packed ? new Path(source).getParent() : base, path)));
      }
    }
    return entries;
  }

  /** Files of the table's folder that are no part of it and that no entry names. */
  List<LeftOut> beside(List<SourceEntry> entries) {
    Set<String> named = new HashSet<>();
    entries.forEach(entry -> named.add(new Path(entry.location()).toUri().getPath()));
    List<LeftOut> beside = new ArrayList<>();
    for (FileStatus file : files.others()) {
      if (!named.contains(file.getPath().toUri().getPath())) {
        String name = files.name(file.getPath());
        beside.add(
            Litter.of(modality, name)
                .orElseGet(
                    () ->
                        new LeftOut(
                            name,
                            LeftOut.Reason.NOT_IN_TABLE,
                            "no row of the table names it",
                            FileEndings.isOf(modality, name))));
      }
    }
    return beside;
  }

  /** Columns id, label, split, inline, reference, file and row. */
  private List<Row> rows() {
    Column content = content();
    Column reference =
        columns.paths().isEmpty()
            ? lit(null).cast("string")
            : coalesce(columns.paths().stream().map(ParquetSource::column).toArray(Column[]::new));
    return table
        .select(
            optional(columns.id()).as("id"),
            optional(columns.label()).as("label"),
            optional(columns.split()).as("split"),
            content == null ? lit(false).as("inline") : content.isNotNull().as("inline"),
            reference.as("reference"),
            FILE.as("file"),
            ROW.as("row"))
        .collectAsList();
  }

  private RowPlace place(Row row) {
    String file =
        fileNames.computeIfAbsent(
            row.getString(5), address -> file(address, files.root().toString()));
    return new RowPlace(file, row.getLong(6));
  }

  /** Name of a file below the table, from the address that Spark gives. */
  private static String file(String address, String root) {
    return TableFiles.name(new Path(URI.create(address)), new Path(root));
  }

  /** What the table calls the classes, by their numbers; empty if it does not say. */
  List<String> classes() {
    return RowLabels.of(hadoopFiles, files, columns.label()).classes(source);
  }

  private String known(String split, Map<String, String> splits, String id) {
    String known = splits.get(split.strip().toLowerCase(Locale.ROOT));
    if (known == null) {
      throw LsgException.input(
          source
              + ": id "
              + RelativePath.printable(id)
              + " has split "
              + RelativePath.printable(split)
              + "; known are "
              + SplitNames.listed(splits.keySet()));
    }
    return known;
  }

  static String resolved(Path base, String path) {
    return path.startsWith("/") || path.contains(":/") ? path : base + "/" + path;
  }

  /**
   * A row of the table with its sample.
   *
   * @param key file and row
   */
  record Content(String key, byte[] bytes) implements Serializable {}

  /** The samples that lie in the table itself. */
  JavaRDD<Content> contents() {
    Column content = content();
    if (content == null) {
      return JavaSparkContext.fromSparkContext(spark.sparkContext()).emptyRDD();
    }
    String root = files.root().toString();
    return table
        .select(FILE.as("file"), ROW.as("row"), content.as("bytes"))
        .where(col("bytes").isNotNull())
        .javaRDD()
        .map(
            row ->
                new Content(
                    new RowPlace(file(row.getString(0), root), row.getLong(1)).key(),
                    (byte[]) row.get(2)));
  }

  private Column content() {
    return columns.content().isEmpty() ? null : column(columns.content());
  }

  private static Column optional(Optional<TableField> field) {
    return field.isEmpty()
        ? lit(null).cast("string")
        : column(List.of(field.get().name())).cast("string");
  }

  /** A column, whose names are no expressions. */
  private static Column column(List<String> names) {
    return col(
        String.join(".", names.stream().map(name -> "`" + name.replace("`", "``") + "`").toList()));
  }
}
