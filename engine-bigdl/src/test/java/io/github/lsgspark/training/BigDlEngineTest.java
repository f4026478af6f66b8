package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.testing.StandaloneCluster;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Safetensors;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trainings on two executor JVMs by BigDL's exchange and optimiser, held against the same ones by
 * c10d. In this package, as the training that both take is.
 */
@Timeout(600)
class BigDlEngineTest {
  private static final Logger LOG = LoggerFactory.getLogger(BigDlEngineTest.class);

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
    training = new TinyTraining(spark, folder, TinyTraining.SQUEEZENET);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static Map<String, HostArray> weights(String name) throws Exception {
    byte[] file = training.file(name, "model.safetensors");
    return Safetensors.read(file, name);
  }

  /** Every loss, and every weight after the last step. */
  private static void assertSame(String name, String expected, double tolerance) throws Exception {
    double[] wanted = training.losses(expected);
    double[] losses = training.losses(name);
    assertThat(losses).hasSameSizeAs(wanted);
    double worst = 0;
    for (int step = 0; step < wanted.length; step++) {
      worst = Math.max(worst, Math.abs(losses[step] - wanted[step]) / Math.abs(wanted[step]));
    }
    double apart = 0;
    Map<String, HostArray> others = weights(expected);
    for (Map.Entry<String, HostArray> entry : weights(name).entrySet()) {
      float[] own = entry.getValue().floats();
      float[] other = others.get(entry.getKey()).floats();
      for (int i = 0; i < own.length; i++) {
        apart = Math.max(apart, Math.abs(own[i] - other[i]));
      }
    }
    LOG.warn(
        "{} and {}: {} steps, losses differ by {} of themselves at most, weights by {}",
        name,
        expected,
        wanted.length,
        worst,
        apart);
    assertThat(worst).isLessThan(tolerance);
    assertThat(apart).isLessThan(tolerance);
  }

  /** Decay, momentum, factors of the learning rate and a schedule; then the clip, too. */
  @ParameterizedTest
  @CsvSource({"0, 2", "0.5, 2", "0, 1"})
  void fiftyStepsAreThoseOfC10d(double clip, int replicas) throws Exception {
    String changes =
        """
        train { iterations = 50, replicas = %d, log-every = 10, gradient-clip = %s
                weight-decay = 0.01, head-multiplier = 5, projector-multiplier = 2
                schedule { kind = cosine, warmup-steps = 5 } }
        """
            .formatted(replicas, clip);
    String name = "clip" + clip + "-" + replicas;
    training.run(changes + "train.engine = c10d", name + "-c10d");
    training.run(changes + "train.engine = bigdl", name + "-bigdl");
    assertThat(training.metrics(name + "-bigdl").path("replicas").asInt()).isEqualTo(replicas);
    double[] losses = training.losses(name + "-bigdl");
    assertThat(losses[49]).isLessThan(losses[0]);
    assertSame(name + "-bigdl", name + "-c10d", 1e-6);
  }

  @Test
  void aTrainingThatLosesAnExecutorGoesOnFromItsCheckpointWithItsMomentum() throws Exception {
    String changes =
        """
        train { engine = bigdl, iterations = 120, replicas = 2, timeout-seconds = 25, log-every = 1
                checkpoint.every-steps = 20 }
        """;
    training.run(changes, "undisturbed");
    CompletableFuture<Void> run = CompletableFuture.runAsync(() -> training.run(changes, "killed"));
    await(() -> run.isDone() || training.steps("killed") >= 50);
    assertThat(run).as("must still train").isNotDone();
    await(() -> StandaloneCluster.executors().size() == 2);
    assertThat(StandaloneCluster.executors().get(0).destroyForcibly()).isTrue();
    run.get(300, TimeUnit.SECONDS);
    assertThat(training.metrics("killed").path("attempts").asInt()).isEqualTo(2);
    assertThat(training.metrics("killed").path("resumed_from_step").asInt()).isPositive();
    assertSame("killed", "undisturbed", 1e-12);
  }

  private static void await(Supplier<Boolean> condition) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (!condition.get()) {
      assertThat(System.nanoTime()).as("waiting").isLessThan(deadline);
      Thread.sleep(20);
    }
  }
}
