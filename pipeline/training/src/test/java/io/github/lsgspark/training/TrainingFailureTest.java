package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.testing.StandaloneCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A training on two executor JVMs of a standalone cluster, disturbed by signals to its processes.
 * The table of docs/operations.md says what is to happen.
 */
@Tag("long-6")
@Timeout(600)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TrainingFailureTest {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingFailureTest.class);

  /** Long enough to be disturbed in its middle. */
  private static final String RUN =
      """
      train { iterations = 120, replicas = 2, timeout-seconds = 25, validate-every = 0
              checkpoint.every-steps = 20 }
      """;

  @TempDir static Path folder;
  private static SparkSession spark;
  private static TinyTraining training;

  @BeforeAll
  static void start() throws Exception {
    spark =
        StandaloneCluster.start(
            folder.resolve("spark-home"),
            Map.of(
                "spark.network.timeout", "15s",
                "spark.network.timeoutInterval", "5s",
                "spark.executor.heartbeatInterval", "4s"));
    training = new TinyTraining(spark, folder);
    training.run(RUN, "undisturbed");
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  /** What happens to a running training. */
  private interface Disturbance {
    void strike() throws Exception;
  }

  /** Trains, and strikes once the training has come to a step. */
  private static void disturbed(String changes, String name, int step, Disturbance disturbance)
      throws Exception {
    CompletableFuture<Void> run =
        CompletableFuture.runAsync(() -> training.run(RUN + changes, name));
    await(() -> run.isDone() || training.steps(name) >= step);
    assertThat(run).as("must still train").isNotDone();
    long start = System.nanoTime();
    disturbance.strike();
    try {
      run.get(300, TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    } finally {
      LOG.warn(
          "{}: ended {} s after the strike", name, (System.nanoTime() - start) / 1_000_000_000);
    }
  }

  private static void await(Supplier<Boolean> condition) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(120).toNanos();
    while (!condition.get()) {
      assertThat(System.nanoTime()).as("waiting").isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  private static List<ProcessHandle> executors() throws InterruptedException {
    await(() -> StandaloneCluster.executors().size() == 2);
    return StandaloneCluster.executors();
  }

  private static void signal(String name, ProcessHandle process) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor())
        .isZero();
  }

  private static void assertLikeUndisturbed(String name) {
    assertThat(training.losses(name)).containsExactly(training.losses("undisturbed"));
    assertThat(training.file(name, "model.safetensors"))
        .isEqualTo(training.file("undisturbed", "model.safetensors"));
    assertThat(training.metrics(name).path("attempts").asInt()).isEqualTo(2);
    assertThat(training.metrics(name).path("resumed_from_step").asInt()).isPositive();
  }

  @Test
  @Order(1)
  void aKilledExecutorCostsTheStepsSinceTheLastCheckpoint() throws Exception {
    disturbed("", "one-killed", 50, () -> signal("KILL", executors().get(0)));
    assertLikeUndisturbed("one-killed");
  }

  @Test
  @Order(2)
  void aStalledReplicaIsGivenUpAndReplaced() throws Exception {
    disturbed("", "stalled", 50, () -> signal("STOP", executors().get(1)));
    assertLikeUndisturbed("stalled");
  }

  @Test
  @Order(3)
  void anExecutorThatIsAskedToEndSavesItsStep() throws Exception {
    disturbed("", "asked", 50, () -> signal("TERM", executors().get(0)));
    assertThat(training.losses("asked")).containsExactly(training.losses("undisturbed"));
    assertThat(training.metrics("asked").path("resumed_from_step").asInt() % 20)
        .as("a checkpoint of its own")
        .isPositive();
  }

  @Test
  @Order(4)
  void allKilledAreReplacedAsLongAsTheClusterGivesExecutors() throws Exception {
    disturbed(
        "",
        "all-killed",
        50,
        () -> {
          for (ProcessHandle executor : executors()) {
            signal("KILL", executor);
          }
        });
    assertLikeUndisturbed("all-killed");
  }

  @Test
  @Order(5)
  void withoutExecutorsTheTrainingFailsInBoundedTimeAndItsCheckpointsStay() throws Exception {
    boolean[] over = {false};
    Thread reaper =
        new Thread(
            () -> {
              while (!over[0]) {
                StandaloneCluster.executors().forEach(ProcessHandle::destroyForcibly);
                try {
                  Thread.sleep(100);
                } catch (InterruptedException e) {
                  return;
                }
              }
            });
    long start = System.nanoTime();
    try {
      assertThatThrownBy(
              () -> disturbed("train.timeout-seconds = 8", "none-left", 50, reaper::start))
          .isInstanceOf(LsgException.class)
          .hasMessageMatching("(?s).*(there is no executor|ended the application).*");
    } finally {
      over[0] = true;
      reaper.join();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(150));
    assertThat(training.running("none-left")).isDirectoryContaining("glob:**step-*.json");
  }
}
