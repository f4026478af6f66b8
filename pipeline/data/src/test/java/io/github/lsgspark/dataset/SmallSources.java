package io.github.lsgspark.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/** Lists sources of a few files, in a folder of a test. */
final class SmallSources {
  private final SparkSession spark;
  private final Path folder;

  SmallSources(SparkSession spark, Path folder) {
    this.spark = spark;
    this.folder = folder;
  }

  /** What a source holds for all splits, with further keys. */
  Listed all(Path train, String more) {
    return SourceSplits.of(
        spark, SettingsLoader.parse("data.train = \"" + train + "\"\n" + more).data(), true);
  }

  /** Checks that a source is refused. */
  void refused(Path train, String more, String... messages) {
    assertThatThrownBy(() -> all(train, more))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
        .hasMessageContainingAll(messages);
  }

  /** Writes files that hold their own paths. */
  void write(String... paths) throws IOException {
    for (String path : paths) {
      Path file = folder.resolve(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, path);
    }
  }

  /** How many samples each class of each split has. */
  static Map<String, Long> counts(List<SourceEntry> entries) {
    return entries.stream()
        .collect(
            Collectors.groupingBy(
                entry -> entry.split() + "/" + entry.label(), TreeMap::new, Collectors.counting()));
  }
}
