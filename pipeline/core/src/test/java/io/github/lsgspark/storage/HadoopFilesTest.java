package io.github.lsgspark.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HadoopFilesTest {
  private final HadoopFiles files = new HadoopFiles(new Configuration());

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {"10:30.txt", "a b#c%20?.txt", "[x]{y}*.txt", "Gr\u00f6\u00dfe \ud83d\ude00"})
  void anyNameIsReadAndWritten(String name) throws IOException {
    Path file = Files.writeString(folder.resolve(name), "one");
    String path = file.toString();
    assertThat(files.exists(path)).isTrue();
    assertThat(files.length(path)).isEqualTo(3);
    assertThat(files.read(path)).asString(StandardCharsets.UTF_8).isEqualTo("one");
    try (InputStream in = files.open(path)) {
      assertThat(in.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("one");
    }
    files.writeText(path, "another");
    assertThat(file).hasContent("another");
    assertThat(files.readIfThere(path)).contains("another");
    files.delete(path);
    assertThat(file).doesNotExist();
  }
}
