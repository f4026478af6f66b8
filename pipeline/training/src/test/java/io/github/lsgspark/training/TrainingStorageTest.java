package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.storage.Fingerprint;
import io.github.lsgspark.storage.StageClaim;
import io.github.lsgspark.storage.StageStore;
import io.github.lsgspark.testing.FaultyFileSystem;
import io.github.lsgspark.testing.LocalSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Trainings on a storage that is slow, fails now and then, or was given to another run. */
@Timeout(200)
@Tag("long-4")
class TrainingStorageTest {
  private static final String BRIEF =
      "train { iterations = 6, validate-every = 0, checkpoint.every-steps = 3 }\n"
          + "ssl.strategy = none\n";

  @TempDir static Path folder;
  private static SparkSession spark;
  private static TinyTraining tiny;

  @BeforeAll
  static void prepare() {
    spark = LocalSpark.session();
    FaultyFileSystem.configure(spark.sparkContext().hadoopConfiguration());
    tiny = new TinyTraining(spark, folder);
  }

  @AfterEach
  void sound() {
    FaultyFileSystem.failWrites("", 0);
    FaultyFileSystem.slowWrites(Duration.ZERO);
  }

  private static JsonNode train(String changes, String name) throws Exception {
    train(
        changes,
        FaultyFileSystem.path(folder.resolve(name)),
        FaultyFileSystem.path(folder.resolve(name + "-running")));
    return new ObjectMapper().readTree(folder.resolve(name + "/metrics.json").toFile());
  }

  private static void train(String changes, String outDir, String runningDir) {
    TrainStage.run(
        spark,
        SettingsLoader.parse(TinyTraining.CONFIGURATION + BRIEF + changes),
        tiny.path("prepare"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        outDir,
        runningDir);
  }

  /** The files of the model take longer than the longest wait of a replica for another. */
  @Test
  void longWritesOfRankZeroDoNotCountAgainstTheOthersTimeout() throws Exception {
    FaultyFileSystem.slowWrites(Duration.ofMillis(1200));
    JsonNode metrics =
        train("train { replicas = 2, timeout-seconds = 4, max-attempts = 1 }", "slow");
    assertThat(metrics.path("replicas").asInt()).isEqualTo(2);
    assertThat(metrics.path("checkpoints_not_saved").asInt(-1)).isZero();
    assertThat(folder.resolve("slow/model.safetensors")).isNotEmptyFile();
  }

  @Test
  void aStorageThatFailsForLongerCostsAnAttempt() throws Exception {
    FaultyFileSystem.failWrites("model.safetensors", 5);
    JsonNode metrics = train("", "failing");
    assertThat(metrics.path("attempts").asInt()).isEqualTo(2);
    assertThat(metrics.path("resumed_from_step").asInt()).isEqualTo(3);
    assertThat(FaultyFileSystem.writesToFail()).isZero();
  }

  @Test
  void aStorageThatStaysAwayEndsTheTrainingWithASentence() {
    FaultyFileSystem.failWrites("model.json", 1000);
    assertThatThrownBy(() -> train("train.max-attempts = 1", "away"))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.FAILED))
        .hasMessageContaining("given up after 1 attempts")
        .hasMessageContaining("the storage failed: faulty:")
        .hasMessageContaining("model.json: the network is down");
  }

  @Test
  void aRunThatLostItsClaimWritesNothingMore() throws Exception {
    StageStore store =
        new StageStore(
            folder.resolve("work").toString(), spark.sparkContext().hadoopConfiguration());
    Fingerprint fingerprint = Fingerprint.builder("lost").build();
    try (StageClaim claim = store.claim("train", fingerprint, other -> {}).orElseThrow()) {
      Path stage = folder.resolve("work/train");
      try (Stream<Path> files = Files.list(stage)) {
        Files.delete(
            files
                .filter(file -> file.getFileName().toString().startsWith("_claim-"))
                .findFirst()
                .orElseThrow());
      }
      String running = store.running("train", fingerprint);
      assertThatThrownBy(
              () -> train("train.max-attempts = 3", stage.resolve("out").toString(), running))
          .isInstanceOfSatisfying(
              LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.FAILED))
          .hasMessageContaining("is gone")
          .hasMessageContaining("another took it for broken down");
      assertThat(Path.of(running)).doesNotExist();
      assertThat(stage.resolve("out")).doesNotExist();
    }
  }
}
