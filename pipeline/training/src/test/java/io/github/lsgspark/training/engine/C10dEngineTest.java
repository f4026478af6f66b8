package io.github.lsgspark.training.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.ExchangeSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.testing.StandaloneCluster;
import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.SparkSession;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs on replicas in executor JVMs of their own: how they end, and how failures are told. */
@Timeout(300)
class C10dEngineTest {
  @TempDir static Path folder;
  private static SparkSession spark;

  @BeforeAll
  static void start() throws Exception {
    spark =
        StandaloneCluster.start(
            folder.resolve("spark-home"),
            Map.of(
                "spark.network.timeout", "20s",
                "spark.network.timeoutInterval", "5s",
                "spark.executor.heartbeatInterval", "4s"));
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static EngineOptions options(int replicas, int timeoutSeconds, int attempts) {
    return new EngineOptions(
        replicas,
        TrainSettings.Device.CPU,
        ExchangeSettings.Backend.AUTO,
        "",
        Duration.ofSeconds(timeoutSeconds),
        attempts,
        Duration.ofSeconds(5),
        "");
  }

  private static String run(EngineOptions options, ReplicaProgram<String> program) {
    return new C10dEngine(spark.sparkContext(), options).run(program, "a test program");
  }

  /** Sum over the replicas. */
  private static double sum(Collective collective, double own, String what) {
    try (TensorScope scope = new TensorScope()) {
      Tensor value = Tensors.zeros(Dtype.FLOAT64, ComputeDevice.cpu(), 1);
      Ops.fillInPlace(value, own);
      collective.allReduceSum(value, what);
      return Tensors.item(value);
    }
  }

  @Test
  void replicasSumAcrossProcessesAndTheJobHasAName() {
    List<String> descriptions = new CopyOnWriteArrayList<>();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart job) {
            descriptions.add(String.valueOf(job.properties().get("spark.job.description")));
          }
        };
    spark.sparkContext().addSparkListener(listener);
    String result =
        run(
            options(0, 60, 1),
            context ->
                context.collective().rank()
                    + " of "
                    + context.collective().worldSize()
                    + ": "
                    + sum(context.collective(), 1 + context.collective().rank(), "a number")
                    + ", threads "
                    + context.threads());
    assertThat(result).isEqualTo("0 of 2: 3.0, threads 1");
    assertThat(descriptions).contains("train: a test program, 2 replicas, attempt 1");
    spark.sparkContext().removeSparkListener(listener);
  }

  @Test
  void aFaultIsToldAsItsCauseAndNotTriedAgain() {
    assertThatThrownBy(
            () ->
                run(
                    options(2, 60, 3),
                    context -> {
                      if (context.collective().rank() == 1) {
                        throw LsgException.input("row 17 of things.csv is empty");
                      }
                      sum(context.collective(), 1, "a number");
                      return "attempt " + context.attempt();
                    }))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
        .hasMessage("rank 1: row 17 of things.csv is empty");
  }

  @Test
  void aKilledExecutorIsReplacedAndTheProgramStartedAgain() {
    String result =
        run(
            options(2, 60, 3),
            context -> {
              if (context.collective().rank() == 1 && context.attempt() == 1) {
                Runtime.getRuntime().halt(9);
              }
              sum(context.collective(), 1, "a number");
              return "attempt " + context.attempt();
            });
    assertThat(result).isEqualTo("attempt 2");
  }

  @Test
  void aReplicaThatStallsIsNamedWithWhatWasWaitedFor() {
    assertThatThrownBy(
            () ->
                run(
                    options(2, 4, 1),
                    context -> {
                      context.collective().at("step 5");
                      sum(context.collective(), 1, "the gradients of step 5");
                      if (context.collective().rank() == 1) {
                        sleep(30);
                      }
                      sum(context.collective(), 1, "the gradients of step 6");
                      return "";
                    }))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("given up after 1 attempts")
        .hasMessageMatching(
            "(?s).*rank 0 of 2 waited [45]\\.\\d s for the gradients of step 6:.*"
                + "rank 1 was at step 5 \\d+ s ago.*");
  }

  /** As it comes out of libtorch if it happens within a backward pass. */
  @Test
  void aLostPeerIsTriedAgainUnderWhateverNameItComes() {
    String result =
        run(
            options(2, 60, 3),
            context -> {
              if (context.collective().rank() == 1 && context.attempt() == 1) {
                Runtime.getRuntime().halt(9);
              }
              try {
                sum(context.collective(), 1, "a number");
              } catch (RuntimeException e) {
                sleep(4);
                throw new IllegalStateException("something in native code", e.getCause());
              }
              return "attempt " + context.attempt();
            });
    assertThat(result).isEqualTo("attempt 2");
  }

  private static void sleep(int seconds) {
    try {
      Thread.sleep(1000L * seconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  @Timeout(30)
  void moreReplicasThanCoresAreAnErrorAtOnce() {
    assertThatThrownBy(() -> run(options(3, 300, 1), context -> ""))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.ENVIRONMENT))
        .hasMessage(
            "train.replicas = 3, but the 2 executor(s) of 1 cores with spark.task.cpus = 1 that were"
                + " asked for offer 2: ask for more (spark.executor.instances), or lower"
                + " train.replicas");
  }

  @Test
  void aGpuThatIsMissingIsExit4() {
    EngineOptions wanting =
        new EngineOptions(
            2,
            TrainSettings.Device.CUDA,
            ExchangeSettings.Backend.AUTO,
            "",
            Duration.ofSeconds(60),
            3,
            Duration.ofSeconds(5),
            "");
    assertThatThrownBy(() -> run(wanting, context -> ""))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.ENVIRONMENT))
        .hasMessageContaining("train.device = cuda was asked for");
  }
}
