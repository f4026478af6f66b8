package io.github.lsgspark.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageStoreTest {
  private static final Fingerprint FINGERPRINT =
      Fingerprint.builder("graph").add("graph.k", 3).build();

  @TempDir Path folder;
  private StageStore store;

  @BeforeEach
  void open() {
    store = new StageStore(folder.toString(), new Configuration());
  }

  private StageOutput publish(StageWriter writer, String content) {
    store.files().write(HadoopFiles.path(writer.path(), "edges"), content.getBytes(UTF_8));
    return writer.publish(
        Manifest.of(writer.target(), Map.of(), Map.of("graph.k", 3), 1, Map.of("edges", 2), 0.5));
  }

  @Test
  void anOutputExistsOnceItIsPublished() {
    try (StageWriter writer = store.begin("graph", FINGERPRINT)) {
      assertThat(store.find("graph", FINGERPRINT)).isEmpty();
      publish(writer, "a");
    }
    StageOutput output = store.find("graph", FINGERPRINT).orElseThrow();
    assertThat(store.files().read(output.file("edges"))).isEqualTo("a".getBytes(UTF_8));
    assertThat(
            Json.read(store.files(), output.file("manifest.json"))
                .path("counts")
                .path("edges")
                .asInt())
        .isEqualTo(2);
  }

  @Test
  void anAbortedOutputLeavesNothing() throws Exception {
    try (StageWriter writer = store.begin("graph", FINGERPRINT)) {
      store.files().write(HadoopFiles.path(writer.path(), "edges"), new byte[3]);
    }
    assertThat(store.find("graph", FINGERPRINT)).isEmpty();
    try (Stream<Path> left = Files.list(folder.resolve("graph"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void ofManyWritersOneWinsAndNoneCorrupts() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Callable<StageOutput>> tasks =
          Stream.generate(
                  () ->
                      (Callable<StageOutput>)
                          () -> {
                            try (StageWriter writer = store.begin("graph", FINGERPRINT)) {
                              return publish(writer, "same");
                            }
                          })
              .limit(8)
              .toList();
      for (var result : pool.invokeAll(tasks)) {
        assertThat(store.files().read(result.get().file("edges")))
            .isEqualTo("same".getBytes(UTF_8));
      }
    } finally {
      pool.shutdown();
    }
    try (Stream<Path> left = Files.list(folder.resolve("graph"))) {
      assertThat(left).hasSize(1);
    }
  }

  @Test
  void fingerprintsDependOnNamesValuesAndOrder() {
    Fingerprint same = Fingerprint.builder("graph").add("graph.k", 3).build();
    assertThat(same).isEqualTo(FINGERPRINT);
    assertThat(Fingerprint.builder("graph").add("graph.k", 4).build()).isNotEqualTo(FINGERPRINT);
    assertThat(Fingerprint.builder("gcn").add("graph.k", 3).build()).isNotEqualTo(FINGERPRINT);
  }

  @Test
  void notANumberIsNull() {
    assertThat(Json.text(Map.of("loss", Double.NaN))).contains("null");
  }
}
