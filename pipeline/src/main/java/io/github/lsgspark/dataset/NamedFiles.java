package io.github.lsgspark.dataset;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.HadoopFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * The files that a list file or a Parquet table of paths leads to. Needs no Spark, so that a run
 * that finds everything done need not start it.
 */
public final class NamedFiles {
  private NamedFiles() {}

  /**
   * Names every file that the samples of a source are read from, besides the source itself.
   *
   * @param source list, Parquet table, folder or archive; the last two name no others
   * @param root {@code data.root}
   * @param found takes each path, in the order of the source; not only of files that exist
   * @throws LsgException exit 3 for a table that cannot be read
   */
  public static void of(Configuration hadoop, String source, String root, Consumer<String> found) {
    HadoopFiles files = new HadoopFiles(hadoop);
    Path path = new Path(source);
    FileSystem fileSystem = files.fileSystem(source);
    try {
      if (ParquetSource.isTable(fileSystem, path)) {
        ParquetPaths paths = new ParquetPaths(files, source, root);
        for (FileStatus part : parts(fileSystem, path)) {
          paths.of(part, found);
        }
      } else if (fileSystem.getFileStatus(path).isFile()
          && !source.toLowerCase(Locale.ROOT).endsWith(".zip")) {
        list(hadoop, source, root).forEach(entry -> found.accept(entry.location()));
      }
    } catch (FileNotFoundException e) {
      throw LsgException.input(source + ": no such file or folder", e);
    } catch (IOException e) {
      throw new UncheckedIOException(source + ": " + e.getMessage(), e);
    }
  }

  /** None of a file that is no list: what is wrong with it is said when its samples are listed. */
  private static List<SourceEntry> list(Configuration hadoop, String source, String root) {
    try {
      return new ListFile(hadoop, root).read(source, SampleTable.TRAIN);
    } catch (LsgException e) {
      return List.of();
    }
  }

  /** The files that Spark reads as one table. */
  private static List<FileStatus> parts(FileSystem fileSystem, Path table) throws IOException {
    FileStatus status = fileSystem.getFileStatus(table);
    if (status.isFile()) {
      return List.of(status);
    }
    List<FileStatus> parts = new ArrayList<>();
    int start = status.getPath().toUri().getPath().length();
    RemoteIterator<LocatedFileStatus> all = fileSystem.listFiles(table, true);
    while (all.hasNext()) {
      FileStatus part = all.next();
      String name = part.getPath().toUri().getPath().substring(start);
      if (!name.contains("/_") && !name.contains("/.")) {
        parts.add(part);
      }
    }
    parts.sort(Comparator.comparing(FileStatus::getPath));
    return parts;
  }
}
