package io.github.lsgspark.storage;

import io.github.lsgspark.config.LsgException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;

/** What the end of a Parquet file says, read without Spark. */
public final class ParquetFooter {
  private ParquetFooter() {}

  /** Whether a file is called one. */
  static boolean isNamed(String name) {
    return name.endsWith(".parquet");
  }

  /**
   * How many rows a file holds.
   *
   * @throws LsgException exit 3 if it is cut off or no Parquet file
   */
  static long rows(HadoopFiles files, FileStatus file) {
    try (ParquetFileReader reader = open(files, file)) {
      return reader.getRecordCount();
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /**
   * Opens a file by its footer; the caller closes it.
   *
   * @throws LsgException exit 3 if it is cut off or no Parquet file
   */
  public static ParquetFileReader open(HadoopFiles files, FileStatus file) {
    try {
      // Options of their own would have all of Hadoop's defaults parsed anew for each file.
      return ParquetFileReader.open(
          HadoopInputFile.fromStatus(file, files.configuration()),
          HadoopReadOptions.builder(files.configuration()).build());
    } catch (IOException | RuntimeException e) {
      throw failed(file, e);
    }
  }

  /** What to throw when a file cannot be read: a store that does not answer damages nothing. */
  public static RuntimeException failed(FileStatus file, Exception cause) {
    if (cause instanceof IOException io && !StorageFault.isDamage(cause)) {
      return new UncheckedIOException(file.getPath() + ": " + cause.getMessage(), io);
    }
    return LsgException.input(
        file.getPath()
            + ": cannot be read as Parquet, it is damaged, cut off or something else: "
            + cause.getMessage(),
        cause);
  }
}
