package io.github.lsgspark.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.testing.FaultyFileSystem;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilePartsTest {
  private static final long BEYOND_ONE_ARRAY = 3L << 30;

  @TempDir Path folder;

  /** Sparse, so that it takes no place on disk. */
  private String large() throws IOException {
    Path file = folder.resolve("large");
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.seek(BEYOND_ONE_ARRAY);
      out.write(new byte[] {4, 5, 6});
    }
    return file.toString();
  }

  @Test
  void partsOfAFileBeyondOneArrayAreRead() throws IOException {
    HadoopFiles files = new HadoopFiles(new Configuration());
    String path = large();
    assertThat(FileParts.<byte[]>read(files, path, (bytes, length) -> bytes.at(length - 2, 2)))
        .containsExactly(5, 6);
    assertThatThrownBy(() -> files.read(path))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
        .hasMessage(path + ": has 3072 MiB, but files up to 2047 MiB are read as a whole");
  }

  @Test
  void afterAFaultItBeginsAnew() throws IOException {
    HadoopFiles files = new HadoopFiles(FaultyFileSystem.configuration());
    Path file = Files.write(folder.resolve("some"), new byte[] {1, 2, 3});
    FaultyFileSystem.failReads(2);
    assertThat(
            FileParts.<byte[]>read(
                files, FaultyFileSystem.path(file), (bytes, length) -> bytes.at(1, 2)))
        .containsExactly(2, 3);
  }

  @Test
  void whatIsNotThereIsSaid() {
    HadoopFiles files = new HadoopFiles(new Configuration());
    assertThatThrownBy(
            () -> FileParts.read(files, folder + "/none", (bytes, length) -> bytes.at(0, 1)))
        .isInstanceOf(LsgException.class)
        .hasMessage(folder + "/none: no such file");
    assertThatThrownBy(
            () -> FileParts.read(files, folder.toString(), (bytes, length) -> bytes.at(0, 1)))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("is a folder");
  }
}
