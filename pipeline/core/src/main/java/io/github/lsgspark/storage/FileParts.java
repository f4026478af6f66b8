package io.github.lsgspark.storage;

import io.github.lsgspark.config.LsgException;
import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Parts of a file that may be larger than memory; read anew where a {@link TransientFault} was. */
public final class FileParts {
  private FileParts() {}

  /** Bytes of an open file. */
  public interface Bytes {
    /** The bytes from a place on, as many as asked for. */
    byte[] at(long from, int length) throws IOException;
  }

  /** Takes what it needs of a file; from the start again after a fault. */
  public interface Reader<T> {
    /**
     * Reads.
     *
     * @param length of the file
     */
    T read(Bytes bytes, long length) throws IOException;
  }

  /**
   * Reads parts of a file.
   *
   * @throws LsgException with exit code 3 if there is no such file
   */
  public static <T> T read(HadoopFiles files, String path, Reader<T> reader) {
    try {
      return Retry.io(path, () -> once(files, path, reader));
    } catch (FileNotFoundException e) {
      throw files.notAFile(path, e);
    } catch (IOException e) {
      throw HadoopFiles.failed(path, e);
    }
  }

  private static <T> T once(HadoopFiles files, String path, Reader<T> reader) throws IOException {
    FileSystem fileSystem = files.contentOf(path);
    Path file = new Path(path);
    try (FSDataInputStream in = fileSystem.open(file)) {
      Bytes bytes =
          (from, length) -> {
            byte[] part = new byte[length];
            in.readFully(from, part);
            return part;
          };
      return reader.read(bytes, fileSystem.getFileStatus(file).getLen());
    }
  }
}
