package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.config.SettingsLoader.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of a work directory are deleted, cut off, exchanged and added at random between runs. Every
 * run ends with the result of an undisturbed one, or says in a sentence why not. {@code
 * -Dlsg.chaos.rounds=500 -Dlsg.chaos.seed=7} runs others.
 */
@Tag("long-1")
class ChaosTest {
  private static final Logger LOG = LoggerFactory.getLogger(ChaosTest.class);
  private static final int ROUNDS = Integer.getInteger("lsg.chaos.rounds", 4);
  private static final int SEED = Integer.getInteger("lsg.chaos.seed", 1);

  private enum Blow {
    DELETE,
    DELETE_FOLDER,
    CUT,
    EMPTY,
    FLIP,
    EXCHANGE,
    OVERWRITE,
    ADD
  }

  @TempDir Path work;
  @TempDir Path aside;

  private final Loaded loaded = TinyRun.loaded();

  @Test
  void everyRunEndsWithTheRightResultOrASentence() throws IOException {
    int sentences = 0;
    try (SparkLauncher spark = new SparkLauncher("local[2]", Map.of())) {
      Map<String, String> undisturbed = run(spark);
      for (int round = 0; round < ROUNDS; round++) {
        Random random = new Random(1000L * SEED + round);
        List<String> blows = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
          blows.add(strike(random));
        }
        LOG.info("chaos, round {}: {}", round, blows);
        try {
          assertThat(run(spark)).as("round %d: %s", round, blows).isEqualTo(undisturbed);
        } catch (RuntimeException e) {
          Optional<String> told = Failures.message(e);
          assertThat(told).as("round %d: %s: %s", round, blows, e).isPresent();
          assertThat(told.get()).doesNotContain("\n");
          LOG.info("chaos, round {}: {}", round, told.get());
          sentences++;
        }
      }
      // Nothing that was struck is an input of the user's: all can be made anew.
      assertThat(sentences).isZero();
    }
  }

  /** What a run comes to: the files of its outputs that say what was found, without the clock. */
  private Map<String, String> run(SparkLauncher spark) throws IOException {
    RunRecord record = new PipelineRun(loaded, work.toString(), spark).execute(Stages.EVALUATE);
    Map<String, String> result = new TreeMap<>();
    record
        .head()
        .stages()
        .forEach((stage, output) -> result.put(stage.name(), output.fingerprint().hex()));
    Path evaluated = Path.of(record.head().stages().get(Stages.EVALUATE).path());
    result.put("metrics", Files.readString(evaluated.resolve("metrics.json")));
    List<Row> predictions =
        spark
            .session()
            .read()
            .parquet(evaluated.resolve("predictions").toString())
            .orderBy("id")
            .collectAsList();
    result.put("predictions", predictions.toString());
    Path prepared = Path.of(record.head().stages().get(Stages.PREPARE).path());
    result.put("prepare", Files.readString(prepared.resolve("metrics.json")));
    Path trained = Path.of(record.head().stages().get(Stages.TRAIN).path());
    result.put(
        "model", Arrays.hashCode(Files.readAllBytes(trained.resolve("model.safetensors"))) + "");
    return result;
  }

  private String strike(Random random) throws IOException {
    List<Path> files = all(Files::isRegularFile);
    Blow blow = Blow.values()[random.nextInt(Blow.values().length)];
    Path file = files.get(random.nextInt(files.size()));
    Path other = files.get(random.nextInt(files.size()));
    String what = blow + " " + work.relativize(file);
    switch (blow) {
      case DELETE -> Files.delete(file);
      case DELETE_FOLDER -> {
        List<Path> folders = all(path -> Files.isDirectory(path) && !path.equals(work));
        Path folder = folders.get(random.nextInt(folders.size()));
        what = blow + " " + work.relativize(folder);
        try (Stream<Path> walk = Files.walk(folder)) {
          for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(path);
          }
        }
      }
      case CUT -> {
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, random.nextInt(Math.max(1, whole.length))));
      }
      case EMPTY -> Files.write(file, new byte[0]);
      case FLIP -> {
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length > 0) {
          bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
        }
        Files.write(file, bytes);
      }
      case EXCHANGE -> {
        Path between = aside.resolve("between");
        Files.move(file, between);
        if (!file.equals(other)) {
          Files.move(other, file);
        }
        Files.move(between, other);
        what += " with " + work.relativize(other);
      }
      case OVERWRITE -> {
        if (!file.equals(other)) {
          Files.copy(other, file, StandardCopyOption.REPLACE_EXISTING);
        }
        what += " by " + work.relativize(other);
      }
      case ADD -> Files.copy(file, file.resolveSibling("added-" + file.getFileName()));
    }
    return what;
  }

  private List<Path> all(Predicate<Path> wanted) throws IOException {
    try (Stream<Path> walk = Files.walk(work)) {
      return walk.filter(wanted).sorted().toList();
    }
  }
}
