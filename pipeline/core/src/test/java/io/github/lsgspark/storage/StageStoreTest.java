package io.github.lsgspark.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    store.files().writeText(HadoopFiles.path(writer.path(), "edges"), content);
    return writer.publish(
        Manifest.of(writer.target(), Map.of(), Map.of("graph.k", 3), 1, Map.of("edges", 2), 0.5));
  }

  private StageClaim claim() {
    return store.claim("graph", FINGERPRINT, other -> {}).orElseThrow();
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> left = Files.list(folder.resolve("graph"))) {
      return left.toList();
    }
  }

  @Test
  void anOutputExistsOnceItIsPublished() throws Exception {
    try (StageClaim claim = claim();
        StageWriter writer = store.begin("graph", FINGERPRINT, claim)) {
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
    assertThat(left()).containsExactly(Path.of(output.path()));
  }

  @Test
  void anAbortedOutputLeavesNothing() throws Exception {
    try (StageClaim claim = claim();
        StageWriter writer = store.begin("graph", FINGERPRINT, claim)) {
      store.files().write(HadoopFiles.path(writer.path(), "edges"), new byte[3]);
    }
    assertThat(store.find("graph", FINGERPRINT)).isEmpty();
    assertThat(left()).isEmpty();
  }

  @Test
  void whatLiesThereWithoutAManifestIsReplaced() throws Exception {
    Path place = folder.resolve("graph").resolve(FINGERPRINT.hex());
    Files.createDirectories(place);
    Files.writeString(place.resolve("junk"), "of a run that was killed");
    try (StageClaim claim = claim();
        StageWriter writer = store.begin("graph", FINGERPRINT, claim)) {
      publish(writer, "a");
    }
    assertThat(store.find("graph", FINGERPRINT)).isPresent();
    assertThat(place.resolve("junk")).doesNotExist();
    assertThat(place.resolve("edges")).hasContent("a");
  }

  @Test
  void aRunThatLostItsClaimPublishesNothing() throws Exception {
    try (StageClaim claim = claim();
        StageWriter writer = store.begin("graph", FINGERPRINT, claim)) {
      for (Path file : left()) {
        if (file.getFileName().toString().startsWith("_claim")) {
          Files.delete(file);
        }
      }
      assertThatThrownBy(() -> publish(writer, "a"))
          .isInstanceOfSatisfying(LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(1))
          .hasMessageContaining("The same command goes on");
    }
    assertThat(store.find("graph", FINGERPRINT)).isEmpty();
  }

  @Test
  void whereFoldersCannotBeRenamedTheManifestComesLast() throws Exception {
    StageOutput output =
        new StageOutput("graph", FINGERPRINT, folder + "/graph/" + FINGERPRINT.hex());
    store.files().writeText(output.file("junk"), "of a run that was killed");
    try (StageClaim claim = claim();
        StageWriter writer = new PlaceWriter(store.files(), output, claim)) {
      store.files().writeText(HadoopFiles.path(writer.path(), "edges"), "half");
      assertThat(store.find("graph", FINGERPRINT)).isEmpty();
    }
    assertThat(left()).isEmpty();
    try (StageClaim claim = claim();
        StageWriter writer = new PlaceWriter(store.files(), output, claim)) {
      publish(writer, "a");
    }
    assertThat(store.find("graph", FINGERPRINT)).contains(output);
    assertThat(store.files().list(output.path()))
        .containsExactlyInAnyOrder("edges", "manifest.json");
  }

  @ParameterizedTest
  @CsvSource({
    "hdfs://no-such-host.invalid:1/w, unknown host no-such-host.invalid",
    "nosuch://bucket/w, no client for this kind of file system",
    "s3a://bucket/w, 'no client for s3a:// is in the class path: add hadoop-aws'",
    "s3://bucket/w, 'there is no client for s3://: write s3a://'",
    "hdfs:///w, 'names no host, and no default file system says one: write hdfs://host:port/path'",
  })
  void storageThatCannotBeReachedIsExitFour(String workDir, String message) {
    assertThatThrownBy(
            () -> new StageStore(workDir, new Configuration()).find("graph", FINGERPRINT))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.ENVIRONMENT))
        .hasMessageContaining(workDir)
        .hasMessageContaining(message);
  }

  @Test
  @Timeout(60)
  void storageThatDoesNotAnswerIsFoundOutInBoundedTime() {
    assertThatThrownBy(() -> StorageClient.require("hdfs://127.0.0.1:1/w", new Configuration()))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.ENVIRONMENT))
        .hasMessageContaining("hdfs://127.0.0.1:1/w: the storage does not answer (");
    assertThatThrownBy(() -> StorageClient.require("a:b c", new Configuration()))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.USAGE));
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
