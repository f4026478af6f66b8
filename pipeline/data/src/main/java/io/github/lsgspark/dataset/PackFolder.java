package io.github.lsgspark.dataset;

import io.github.lsgspark.storage.HadoopFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;

/**
 * The folder {@code packs/} beside a table: encoded pictures, one after the other, in one file per
 * partition. A file is named after the task attempt that wrote it and a row names its file, so rows
 * of an attempt that counts never point into a file of one that failed.
 */
final class PackFolder implements Serializable {
  /**
   * A place in a pack, relative to the folder that {@code packs/} lies in; a regular expression.
   */
  static final String REFERENCE = "^packs/part-[0-9-]+[.]pack#[0-9]+[+][0-9]+$";

  private static final long serialVersionUID = 1L;
  private static final String NAME = "packs";

  private final String parent;
  private final SerializableConfiguration hadoop;

  /**
   * @param parent folder that {@code packs/} lies in
   */
  PackFolder(String parent, Configuration hadoop) {
    this.parent = parent;
    this.hadoop = new SerializableConfiguration(hadoop);
  }

  private String path() {
    return HadoopFiles.path(parent, NAME);
  }

  /**
   * The rows without their bytes, which go into packs when the rows are computed.
   *
   * @param rows with columns bytes, last, and reference, which is null where there are bytes
   */
  Dataset<Row> packed(Dataset<Row> rows) {
    StructType schema = rows.drop(SampleIngest.BYTES).schema();
    int reference = schema.fieldIndex("reference");
    return rows.sparkSession()
        .createDataFrame(
            rows.javaRDD()
                .mapPartitionsWithIndex(
                    (index, part) -> new PackedRows(this, index, part, reference), true),
            schema);
  }

  /** Deletes the files that no row of a finished table points into. */
  void retain(Set<String> names) {
    try {
      Path folder = new Path(path());
      FileSystem fileSystem = folder.getFileSystem(hadoop.value());
      if (!fileSystem.exists(folder)) {
        return;
      }
      for (FileStatus file : fileSystem.listStatus(folder)) {
        if (!names.contains(NAME + "/" + file.getPath().getName())) {
          fileSystem.delete(file.getPath(), false);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(path() + ": " + e.getMessage(), e);
    }
  }

  void delete() {
    new HadoopFiles(hadoop.value()).delete(path());
  }

  /** Rows of one task; the pack is complete before the last of them has been handed out. */
  private static final class PackedRows implements Iterator<Row> {
    private final PackFolder folder;
    private final Iterator<Row> rows;
    private final int reference;
    private final String name;
    private OutputStream pack;
    private long written;

    PackedRows(PackFolder folder, int partition, Iterator<Row> rows, int reference) {
      this.folder = folder;
      this.rows = rows;
      this.reference = reference;
      TaskContext task = TaskContext.get();
      this.name = String.format(Locale.ROOT, "part-%05d-%d.pack", partition, task.taskAttemptId());
      task.addTaskCompletionListener((TaskCompletionListener) context -> close());
    }

    @Override
    public boolean hasNext() {
      if (rows.hasNext()) {
        return true;
      }
      close();
      return false;
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Row row = rows.next();
      int columns = row.length() - 1;
      Object[] values = new Object[columns];
      for (int i = 0; i < columns; i++) {
        values[i] = row.get(i);
      }
      if (!row.isNullAt(columns)) {
        values[reference] = append((byte[]) row.get(columns));
      }
      return RowFactory.create(values);
    }

    private String append(byte[] bytes) {
      try {
        if (pack == null) {
          pack =
              new HadoopFiles(folder.hadoop.value()).create(HadoopFiles.path(folder.path(), name));
        }
        pack.write(bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(folder.path() + "/" + name + ": " + e.getMessage(), e);
      }
      Place place = new Place(NAME + "/" + name, written, bytes.length);
      written += bytes.length;
      return place.toString();
    }

    private void close() {
      if (pack == null) {
        return;
      }
      try {
        pack.close();
        pack = null;
      } catch (IOException e) {
        throw new UncheckedIOException(folder.path() + "/" + name + ": " + e.getMessage(), e);
      }
    }
  }
}
