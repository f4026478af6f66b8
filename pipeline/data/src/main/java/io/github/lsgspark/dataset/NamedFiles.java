package io.github.lsgspark.dataset;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.HadoopFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The files that a list file or a Parquet table of paths leads to. Needs no Spark, so that a run
 * that finds everything done need not start it.
 */
public final class NamedFiles {
  private NamedFiles() {}

  /**
   * Names every file that the samples of a source are read from, besides the source itself.
   *
   * @param source list or Parquet table; others name no files
   * @param data root and columns of lists and tables
   * @param found takes each path, in the order of the source; not only of files that exist
   * @throws LsgException exit 3 for a table that cannot be read
   */
  public static void of(
      Configuration hadoop, String source, DataSettings data, Consumer<String> found) {
    HadoopFiles files = new HadoopFiles(hadoop);
    Path path = new Path(source);
    FileSystem fileSystem = files.fileSystem(source);
    try {
      switch (SourceKind.of(hadoop, data.modality(), source)) {
        case TABLE -> {
          ParquetPaths paths = new ParquetPaths(files, source, data);
          for (FileStatus part : TableFiles.of(fileSystem, path, data.layout()).files()) {
            paths.of(part, found);
          }
        }
        case LIST -> list(hadoop, source, data).forEach(entry -> found.accept(entry.location()));
        case DRAWN, FOLDER, ZIP, SAMPLE -> {
          // They name no others.
        }
      }
    } catch (FileNotFoundException e) {
      throw LsgException.input(source + ": no such file or folder", e);
    } catch (IOException e) {
      throw new UncheckedIOException(source + ": " + e.getMessage(), e);
    }
  }

  /** None of a file that is no list: what is wrong with it is said when its samples are listed. */
  private static List<SourceEntry> list(Configuration hadoop, String source, DataSettings data) {
    ListFile list = new ListFile(hadoop, data.root(), data.columns(), data.modality());
    try {
      return list.read(source, SampleTable.TRAIN);
    } catch (LsgException e) {
      return bare(list, source);
    }
  }

  private static List<SourceEntry> bare(ListFile list, String source) {
    try {
      return list.readFlat(source, SampleTable.UNLABELLED);
    } catch (LsgException e) {
      return List.of();
    }
  }
}
