package io.github.lsgspark.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One byte of a large file is enough, whatever its time says. */
class KnownDigestsTest {
  private static final int LENGTH = 33 << 20;
  private static final FileTime OLD = FileTime.fromMillis(1_000_000_000_000L);

  @TempDir Path folder;
  private final HadoopFiles files = new HadoopFiles(new Configuration());

  private String digest(Path file) throws IOException {
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(file.toUri());
    FileStatus status = files.fileSystem(path.toString()).getFileStatus(path);
    return KnownDigests.of(status, files, Optional.of(folder.resolve("known")));
  }

  private static void put(Path file, int position, int value) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(position);
      bytes.write(value);
    }
    Files.setLastModifiedTime(file, OLD);
  }

  private List<Path> known() throws IOException {
    try (Stream<Path> all = Files.list(folder.resolve("known"))) {
      return all.toList();
    }
  }

  @Test
  void everyByteCountsAndAKnownFileIsNotReadAgain() throws IOException {
    Path file = folder.resolve("weights");
    put(file, LENGTH - 1, 1);
    String first = digest(file);
    assertThat(first).hasSize(64);
    assertThat(known()).hasSize(1);
    // What is remembered is believed: a wrong digest there comes back.
    Path memory = known().get(0);
    String text = Files.readString(memory);
    Files.writeString(memory, text.replace(first, "0".repeat(64)));
    assertThat(digest(file)).isEqualTo("0".repeat(64));
    // Unless it is damaged.
    Files.writeString(memory, text.substring(0, text.length() - 5));
    assertThat(digest(file)).isEqualTo(first);
    assertThat(Files.readString(memory)).isEqualTo(text);

    put(file, LENGTH / 3, 7);
    String second = digest(file);
    assertThat(second).isNotEqualTo(first);
    put(file, LENGTH / 3, 0);
    assertThat(digest(file)).isEqualTo(first);
  }
}
