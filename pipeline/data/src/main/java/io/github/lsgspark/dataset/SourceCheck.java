package io.github.lsgspark.dataset;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.text.LabelSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;

/**
 * What can be known of a source without listing its samples and without Spark: whether a table has
 * the columns it needs, an archive is one, drawn samples are ones that there are.
 */
public final class SourceCheck {
  private SourceCheck() {}

  /**
   * Looks at a source that exists.
   *
   * @param key the setting that names it
   * @throws LsgException exit 3 if its table or archive cannot be used, exit 2 if there are no such
   *     drawn samples
   */
  public static void require(DataSettings data, String key, String source, Configuration hadoop) {
    if (source.startsWith(SyntheticSource.SCHEME)) {
      new SyntheticSource(data).requireKnown(source);
      return;
    }
    Path path = new Path(source);
    try {
      FileSystem files = path.getFileSystem(hadoop);
      if (TableFiles.isTable(files, path)) {
        columns(data, key, source, TableFiles.of(files, path, data.layout()), hadoop);
      } else if (source.toLowerCase(Locale.ROOT).endsWith(".zip")
          && files instanceof LocalFileSystem local
          && files.getFileStatus(path).isFile()) {
        archive(key, source, local, path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(key + ": " + source + ": " + e.getMessage(), e);
    }
  }

  /**
   * Looks through folders and zips of this machine.
   *
   * @throws LsgException exit 3 if their folders can be read in two ways or hold no test split
   */
  public static void requireFolders(DataSettings data, Configuration hadoop) {
    try {
      SourceSplits.requireFolders(data, hadoop);
    } catch (IOException e) {
      throw new UncheckedIOException(data.train() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Holds the classes without labels against all.
   *
   * @throws LsgException exit 3 if there is no such class, exit 2 if none would be left
   */
  public static void requireUnseen(DataSettings data, LabelSet labels, Configuration hadoop) {
    UnseenClasses.of(data.unseenClasses(), labels, hadoop);
  }

  private static void archive(String key, String source, LocalFileSystem local, Path path)
      throws IOException {
    try (ZipFile archive = new ZipFile(local.pathToFile(path))) {
      if (archive.size() == 0) {
        throw LsgException.input(key + ": " + source + ": an empty zip file");
      }
    } catch (ZipException e) {
      throw LsgException.input(key + ": " + source + ": not a zip file: " + e.getMessage(), e);
    }
  }

  private static void columns(
      DataSettings data, String key, String source, TableFiles table, Configuration hadoop)
      throws IOException {
    MessageType schema;
    try (ParquetFileReader reader =
        ParquetFileReader.open(
            HadoopInputFile.fromStatus(table.files().get(0), hadoop),
            HadoopReadOptions.builder(hadoop).build())) {
      schema = reader.getFileMetaData().getSchema();
    } catch (RuntimeException e) {
      throw LsgException.input(
          key + ": " + source + ": cannot be read as Parquet: " + e.getMessage(), e);
    }
    TableColumns.of(TableField.of(schema), data, key + ": " + source);
  }
}
