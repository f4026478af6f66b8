package io.github.lsgspark.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.testing.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was damaged in the cache is not there, so that it is computed again. */
class VectorCacheTest {
  @TempDir Path folder;

  private final SparkSession spark = LocalSpark.session();

  private VectorCache cache() {
    return new VectorCache(spark, folder.resolve("cache").toString());
  }

  private void add(String prompt, float value) {
    Row row = RowFactory.create(prompt, 0, 1, 0, List.of(value, 0f));
    cache().add(spark.createDataFrame(List.of(row), VectorCache.SCHEMA));
  }

  private List<String> prompts() {
    return cache().read().collectAsList().stream().map(row -> row.getString(0)).sorted().toList();
  }

  private List<Path> parts() throws IOException {
    try (Stream<Path> parts = Files.list(folder.resolve("cache"))) {
      return parts.toList();
    }
  }

  private Path file(Path part, String suffix) throws IOException {
    try (Stream<Path> files = Files.list(part)) {
      return files.filter(file -> file.toString().endsWith(suffix)).findFirst().orElseThrow();
    }
  }

  @Test
  void damagedPartsAreRemovedAndWholeOnesUsed() throws IOException {
    add("a", 1);
    Path first = parts().get(0);
    add("b", 0.5f);
    assertThat(prompts()).containsExactly("a", "b");
    Path table = file(first, ".parquet");
    byte[] whole = Files.readAllBytes(table);
    Files.write(table, Arrays.copyOf(whole, whole.length / 2));
    assertThat(prompts()).containsExactly("b");
    assertThat(first).doesNotExist();

    add("a", 1);
    Path other = parts().stream().filter(part -> !part.equals(first)).findFirst().orElseThrow();
    Files.writeString(file(other, "_content.json"), "{");
    assertThat(prompts()).hasSize(1);
    assertThat(other).doesNotExist();
    for (Path part : parts()) {
      Files.delete(file(part, ".parquet"));
    }
    assertThat(prompts()).isEmpty();
    assertThat(parts()).isEmpty();
  }
}
