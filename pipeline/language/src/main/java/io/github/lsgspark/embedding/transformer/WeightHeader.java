package io.github.lsgspark.embedding.transformer;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.torch.Safetensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** What the header of a file of weights says, which is read without the weights. */
final class WeightHeader {
  private WeightHeader() {}

  /**
   * The tensors of a file, by their names.
   *
   * @throws LsgException exit 3 if it is cut off, lies or holds something else
   */
  static Map<String, Safetensors.Entry> read(HadoopFiles files, FileStatus status) {
    Path file = status.getPath();
    try (FSDataInputStream in = files.fileSystem(file.toString()).open(file)) {
      return Safetensors.check(
              (from, length) -> {
                byte[] bytes = new byte[Math.toIntExact(length)];
                in.readFully(from, bytes);
                return ByteBuffer.wrap(bytes);
              },
              status.getLen(),
              file.toString())
          .entries();
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
  }
}
