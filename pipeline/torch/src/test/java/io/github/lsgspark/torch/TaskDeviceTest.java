package io.github.lsgspark.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.TrainSettings.Device;
import java.util.Map;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;

/** Whose card a task takes. */
class TaskDeviceTest {
  private static final Map<String, ResourceInformation> NONE = Map.of();

  @Test
  void aTaskWithoutAGpuOfItsOwnNeverTakesTheFirst() {
    assertThat(TaskDevice.resolve(Device.AUTO, NONE, "train.device", false))
        .isEqualTo(ComputeDevice.cpu());
    assertThat(TaskDevice.resolve(Device.CPU, NONE, "train.device", false))
        .isEqualTo(ComputeDevice.cpu());
    assertThatThrownBy(() -> TaskDevice.resolve(Device.CUDA, NONE, "train.device", false))
        .isInstanceOfSatisfying(LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(4))
        .hasMessageContaining("Spark gave no GPU to this task: set cluster.gpus-per-executor");
    assertThatThrownBy(() -> TaskDevice.resolve(Device.CUDA, NONE, "gcn.device", false))
        .isInstanceOfSatisfying(LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(4))
        .hasMessageContaining("driver: set spark.driver.resource.gpu.amount");
  }

  @Test
  void anAddressThatIsNoPlaceIsNamed() {
    ResourceInformation gpu = new ResourceInformation("gpu", new String[] {"GPU-8932f937-d72c"});
    assertThatThrownBy(
            () -> TaskDevice.resolve(Device.AUTO, Map.of("gpu", gpu), "train.device", false))
        .isInstanceOfSatisfying(LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(4))
        .hasMessageContaining("the scheduler gave GPU \"GPU-8932f937-d72c\", which is no number");
  }
}
