package io.github.lsgspark.torch;

import io.github.lsgspark.storage.PrivateFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that is there while libtorch reads or writes it. */
final class ArchiveFile {
  private ArchiveFile() {}

  /** libtorch reads and writes archives as files of the machine it runs on. */
  static <R> R with(Action<R> action) {
    try {
      Path file = PrivateFolder.file("module", ".pt");
      try {
        return action.run(file);
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("java.io.tmpdir: " + e.getMessage(), e);
    }
  }

  interface Action<R> {
    R run(Path file) throws IOException;
  }
}
