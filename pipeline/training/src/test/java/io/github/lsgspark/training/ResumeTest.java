package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.ProcessUsage;
import io.github.lsgspark.torch.Safetensors;
import io.github.lsgspark.training.engine.ReplicaContext;
import io.github.lsgspark.training.engine.StoppedException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("long-2")
class ResumeTest {
  @TempDir static Path folder;
  private static TinyTraining training;

  @BeforeAll
  static void prepare() {
    training = new TinyTraining(LocalSpark.session(), folder);
  }

  /** Runs the program as one replica; it is asked to stop where {@code stop} says so. */
  private static void run(String changes, String name, BooleanSupplier stop)
      throws StoppedException {
    ReplicaContext context =
        new ReplicaContext(Collective.single(), ComputeDevice.cpu(), 2, 1, stop);
    String unused = new TrainingProgram(training.plan(changes, name)).run(context);
  }

  private static BooleanSupplier inStep(int step) {
    AtomicInteger calls = new AtomicInteger();
    return () -> calls.incrementAndGet() == step;
  }

  private static Map<String, HostArray> state(String name) {
    return Safetensors.read(training.file(name, "checkpoints/last.safetensors"), name);
  }

  private static void assertSameState(String name, String other) {
    Map<String, HostArray> expected = state(name);
    Map<String, HostArray> actual = state(other);
    assertThat(actual).containsOnlyKeys(expected.keySet());
    expected.forEach((key, array) -> assertThat(actual.get(key)).as(key).isEqualTo(array));
  }

  @Test
  void fortyStepsEqualTwentyAndTwentyBitForBit() throws Exception {
    run("", "straight", () -> false);
    assertThatThrownBy(() -> run("", "parts", inStep(20)))
        .isInstanceOf(StoppedException.class)
        .hasMessage("asked to end after step 20 of 40");
    run("", "parts", () -> false);
    assertSameState("straight", "parts");
    assertThat(state("straight"))
        .containsKeys(
            "velocity/block1.conv.weight",
            "pseudo_labels/labels",
            "progress.losses",
            "block1.bn.running_mean");
    assertThat(training.file("parts", "model-validation.safetensors"))
        .isEqualTo(training.file("straight", "model-validation.safetensors"));
  }

  @Test
  void adaptiveThresholdsGoOnFromACheckpointToo() throws Exception {
    String changes = "ssl { strategy = freematch, batch-ratio = 1, momentum = 0.9 }";
    run(changes, "adaptive", () -> false);
    assertThatThrownBy(() -> run(changes, "adaptive parts", inStep(20)))
        .isInstanceOf(StoppedException.class);
    run(changes, "adaptive parts", () -> false);
    assertSameState("adaptive", "adaptive parts");
    assertThat(state("adaptive")).containsKeys("pseudo_labels/threshold");
  }

  @Test
  void anAverageAndACurriculumGoOnFromACheckpointToo() throws Exception {
    String changes =
        "train.average-decay = 0.9, ssl { strategy = curriculum, curriculum.rounds = 3 }";
    run(changes, "curriculum", () -> false);
    assertThatThrownBy(() -> run(changes, "curriculum parts", inStep(20)))
        .isInstanceOf(StoppedException.class);
    run(changes, "curriculum parts", () -> false);
    assertSameState("curriculum", "curriculum parts");
    assertThat(training.file("curriculum parts", "model.safetensors"))
        .isEqualTo(training.file("curriculum", "model.safetensors"));
    assertThat(state("curriculum")).containsKeys("average/block1.conv.weight");
  }

  /** As on a GPU, where the numbers of several steps are read at once. */
  @Test
  void lossesThatAreReadTogetherAreTheSame() throws Exception {
    String often = "train { log-every = 7, checkpoint.every-steps = 16 }";
    String together = often + ", train.read-losses = together, train.gradient-clip = 0.5";
    run(often + ", train.gradient-clip = 0.5", "each step", () -> false);
    run(together, "together", () -> false);
    assertSameState("each step", "together");
    assertThatThrownBy(() -> run(together, "together in parts", inStep(20)))
        .isInstanceOf(StoppedException.class)
        .hasMessageMatching("asked to end after step 2[0-9] of 40");
    run(together, "together in parts", () -> false);
    assertSameState("together", "together in parts");
  }

  @Test
  void lossesThatAreReadTogetherAreThoseOfAllReplicas() {
    String two = "train { replicas = 2, iterations = 12, log-every = 5 }, ssl.strategy = none";
    training.run(two, "two, each step");
    training.run(two + ", train.read-losses = together", "two, together");
    assertThat(training.losses("two, together"))
        .hasSize(12)
        .isEqualTo(training.losses("two, each step"));
  }

  /**
   * Frozen statistics, so that a step is the same however many replicas take it; a learning rate at
   * which differences in the last digit do not grow.
   */
  @ParameterizedTest
  @CsvSource({"1, 2", "2, 1"})
  void theNumberOfReplicasMayChange(int before, int after) throws Exception {
    String changes =
        "train.batch-norm = frozen, ssl.strategy = none, train.checkpoint.keep = 3,"
            + " train.learning-rate = 0.002";
    String name = "from" + before + "to" + after;
    training.run(changes, name + "-straight");
    training.run(
        changes + ", train { checkpoint.every-steps = 20, replicas = " + before + " }", name);
    for (String later : new String[] {"model.safetensors", "metrics.json"}) {
      Files.delete(folder.resolve(name).resolve(later));
    }
    assertThat(files(name, ".json")).hasSize(1);
    training.run(changes + ", train.replicas = " + after, name);
    assertThat(training.metrics(name).path("resumed_from_step").asInt()).isEqualTo(20);
    assertThat(training.metrics(name).path("replicas").asInt()).isEqualTo(after);
    double[] straight = training.losses(name + "-straight");
    double[] resumed = training.losses(name);
    for (int step = 0; step < straight.length; step++) {
      assertThat(resumed[step]).isCloseTo(straight[step], within(1e-4 * straight[step]));
    }
  }

  @Test
  void aDamagedCheckpointIsPassedOver() throws Exception {
    run("", "undamaged", () -> false);
    assertThatThrownBy(() -> run("train.checkpoint.every-steps = 10", "damaged", inStep(25)))
        .isInstanceOf(StoppedException.class);
    List<Path> data = files("damaged", ".safetensors");
    assertThat(data).hasSize(2);
    try (FileChannel newest = FileChannel.open(data.get(1), StandardOpenOption.WRITE)) {
      newest.truncate(newest.size() - 100);
    }
    run("train.checkpoint.every-steps = 10", "damaged", () -> false);
    assertSameState("undamaged", "damaged");
  }

  @Test
  void checkpointsWithoutMarkersAreNone() throws Exception {
    assertThatThrownBy(() -> run("", "unmarked", inStep(5))).isInstanceOf(StoppedException.class);
    for (Path marker : files("unmarked", ".json")) {
      Files.delete(marker);
    }
    assertThatThrownBy(() -> run("", "unmarked", inStep(7)))
        .hasMessage("asked to end after step 7 of 40");
  }

  private static List<Path> files(String name, String ending) throws IOException {
    try (var all = Files.list(training.running(name))) {
      return all.filter(file -> file.getFileName().toString().startsWith("step-"))
          .filter(file -> file.toString().endsWith(ending))
          .sorted()
          .toList();
    }
  }

  /** Native memory is not the garbage collector's: a leak of one tensor a step would show. */
  @Test
  void residentMemoryStaysFlat() throws Exception {
    List<Long> resident = new ArrayList<>();
    AtomicInteger step = new AtomicInteger();
    run(
        "train { iterations = 800, global-batch = 4, validate-every = 0, log-every = 500 }",
        "long",
        () -> {
          if (step.incrementAndGet() % 100 == 0) {
            System.gc();
            resident.add(ProcessUsage.residentBytes());
          }
          return false;
        });
    long growth = resident.get(resident.size() - 1) - resident.get(1);
    assertThat(resident).hasSize(8);
    assertThat(growth).as("%s", resident).isLessThan(24L << 20);
  }
}
