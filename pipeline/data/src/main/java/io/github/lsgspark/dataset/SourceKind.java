package io.github.lsgspark.dataset;

import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.modality.FileEndings;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/** What a source of samples is. */
enum SourceKind {
  DRAWN,
  /** A Parquet table, as a file or a folder. */
  TABLE,
  FOLDER,
  ZIP,
  /** A sample by itself. */
  SAMPLE,
  LIST;

  private static final int START = 512;

  /**
   * Tells a source by its name, by what a folder holds, and a file by its first bytes.
   *
   * @throws java.io.FileNotFoundException if there is no such file or folder
   */
  static SourceKind of(Configuration hadoop, Modality modality, String source) throws IOException {
    if (source.startsWith(SyntheticSource.SCHEME)) {
      return DRAWN;
    }
    Path path = new Path(source);
    FileSystem fileSystem = path.getFileSystem(hadoop);
    if (TableFiles.isTable(fileSystem, path)) {
      return TABLE;
    }
    if (fileSystem.getFileStatus(path).isDirectory()) {
      return FOLDER;
    }
    if (fileSystem instanceof LocalFileSystem local && !local.pathToFile(path).isFile()) {
      throw LsgException.input(
          source + ": is a pipe, socket or device; a file or folder is needed");
    }
    byte[] start = start(hadoop, source);
    if (source.toLowerCase(Locale.ROOT).endsWith(".zip") || isZip(start)) {
      return ZIP;
    }
    return FileEndings.isOf(modality, path.getName()) || isBinary(start) ? SAMPLE : LIST;
  }

  /** The first bytes of a file. */
  static byte[] start(Configuration hadoop, String source) throws IOException {
    try (PlaceReader reader = new PlaceReader(hadoop);
        InputStream in = reader.open(source)) {
      return in.readNBytes(START);
    }
  }

  /** Whether the bytes are those that a local file, the end or a part of an archive begins with. */
  private static boolean isZip(byte[] start) {
    return start.length > 3 && start[0] == 'P' && start[1] == 'K' && start[2] < 9 && start[3] < 9;
  }

  /** Whether the bytes are no text; UTF-16 begins with a mark. */
  private static boolean isBinary(byte[] start) {
    boolean marked =
        start.length > 1 && (start[0] == -1 && start[1] == -2 || start[0] == -2 && start[1] == -1);
    if (marked) {
      return false;
    }
    for (byte value : start) {
      if (value == 0) {
        return true;
      }
    }
    return false;
  }
}
