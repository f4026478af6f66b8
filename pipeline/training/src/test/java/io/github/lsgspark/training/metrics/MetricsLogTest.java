package io.github.lsgspark.training.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.storage.HadoopFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsLogTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.ofEpochMilli(1_700_000_000_250L), ZoneOffset.UTC);

  private final HadoopFiles files = new HadoopFiles(new Configuration());
  @TempDir Path folder;

  private MetricsLog open(long stepsBefore) {
    return new MetricsLog(files, folder.toString(), stepsBefore, CLOCK);
  }

  @Test
  void oneObjectPerLine() throws IOException {
    try (MetricsLog log = open(0)) {
      Map<String, Double> values = new LinkedHashMap<>();
      values.put("loss", 3.5);
      values.put("ce", Double.NaN);
      log.scalars(50, values);
      assertThat(folder.resolve(MetricsLog.FILE))
          .hasContent("{\"step\":50,\"time\":1700000000.250,\"loss\":3.5,\"ce\":null}\n");
    }
  }

  @Test
  void aTrainingTakenUpKeepsTheLinesUpToItsStep() throws IOException {
    Path file = folder.resolve(MetricsLog.FILE);
    try (MetricsLog log = open(0)) {
      log.scalars(50, Map.of("loss", 3.0));
      log.scalars(100, Map.of("loss", 2.0));
    }
    Files.writeString(file, "{\"step\":15", StandardOpenOption.APPEND);
    try (MetricsLog log = open(60)) {
      log.scalars(100, Map.of("loss", 2.5));
    }
    assertThat(Files.readAllLines(file))
        .hasSize(2)
        .satisfies(lines -> assertThat(lines.get(0)).contains("\"loss\":3.0"))
        .satisfies(lines -> assertThat(lines.get(1)).contains("\"loss\":2.5"));
    open(0).close();
    assertThat(file).isEmptyFile();
  }
}
