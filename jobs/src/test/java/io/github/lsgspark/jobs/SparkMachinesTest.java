package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.config.TrainSettings.BatchNorm;
import io.github.lsgspark.config.TrainSettings.Device;
import io.github.lsgspark.config.TrainSettings.Layout;
import io.github.lsgspark.config.TrainSettings.Precision;
import io.github.lsgspark.torch.Bfloat16Speed;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

class SparkMachinesTest {
  private static final Map<String, String> GPUS =
      Map.of(
          "spark.executor.resource.gpu.amount", "2", "spark.task.resource.gpu.amount", "0.500000");

  private static Machines machines(String master, Map<String, String> properties) {
    return new SparkMachines(new SparkLauncher(master, properties));
  }

  /** A run that finds all its outputs has nothing to start Spark for. */
  @Test
  void inLocalModeThisHostDecidesAndSparkStaysOff() {
    boolean before = SparkSession.getDefaultSession().isDefined();
    MachineChoice choice = new MachineChoice(machines("local[2]", Map.of()));
    Loaded open = SettingsLoader.load("embedding { encoder = transformer, model = m }", Map.of());
    Settings training = choice.training(open).settings();
    assertThat(training.train().precision())
        .isEqualTo(Bfloat16Speed.ofMatrixUnits() ? Precision.BFLOAT16 : Precision.FLOAT32);
    assertThat(training.train().device()).isEqualTo(Device.CPU);
    assertThat(training.train().layout()).isEqualTo(Layout.CHANNELS_LAST);
    assertThat(training.train().batchNorm()).isEqualTo(BatchNorm.LOCAL);
    assertThat(training.train().replicas()).isOne();
    assertThat(choice.gcn(open).settings().gcn().device()).isEqualTo(Device.CPU);
    assertThat(choice.inference(open).settings().train().device()).isEqualTo(Device.CPU);
    assertThat(choice.embedding(open).settings().embedding().dtype().name())
        .isEqualTo(Bfloat16Speed.ofProducts() ? "BFLOAT16" : "FLOAT32");
    assertThat(SparkSession.getDefaultSession().isDefined()).isEqualTo(before);
  }

  @Test
  void whoComputesOnGpusIsSaidBySparksProperties() {
    Machines cluster = machines("spark://host:7077", GPUS);
    assertThat(cluster.gpusOfReplicas(Device.AUTO)).isTrue();
    assertThat(cluster.gpusOfReplicas(Device.CPU)).isFalse();
    assertThat(cluster.gpusOfTasks(Device.AUTO)).isTrue();
    assertThat(cluster.gpuOfDriver(Device.AUTO)).isFalse();
    assertThat(machines("spark://host:7077", Map.of()).gpusOfReplicas(Device.AUTO)).isFalse();
    assertThat(machines("spark://host:7077", Map.of()).gpusOfReplicas(Device.CUDA)).isTrue();
    Machines onlyReplicas = machines("yarn", Map.of("spark.executor.resource.gpu.amount", "1"));
    assertThat(onlyReplicas.gpusOfReplicas(Device.AUTO)).isTrue();
    assertThat(onlyReplicas.gpusOfTasks(Device.AUTO)).isFalse();
    // Tasks of local mode are given no cards.
    assertThat(machines("local[*]", GPUS).gpusOfReplicas(Device.AUTO)).isFalse();
    assertThat(
            machines("local[*]", Map.of("spark.driver.resource.gpu.amount", "1"))
                .gpuOfDriver(Device.AUTO))
        .isTrue();
  }

  /** GPUs are fast at bfloat16, so no executor is asked; none is there, either. */
  @Test
  void onGpusThePrecisionNeedsNoAnswer() {
    MachineChoice choice = new MachineChoice(machines("spark://host:7077", GPUS));
    Loaded open = SettingsLoader.load("train.batch-norm = synchronized", Map.of());
    assertThat(choice.training(open).settings().train().precision()).isEqualTo(Precision.BFLOAT16);
    assertThat(choice.training(open).settings().train().replicas()).isZero();
  }
}
