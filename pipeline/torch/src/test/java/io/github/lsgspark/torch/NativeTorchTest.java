package io.github.lsgspark.torch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

class NativeTorchTest {
  /** Otherwise an executor could not use a memoryOverhead of more than three times its heap. */
  @Test
  void tensorsMayTakeWhatTheMachineHas() {
    NativeTorch.load();
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    assertThat(Pointer.maxPhysicalBytes()).isEqualTo((long) (0.97 * system.getTotalMemorySize()));
  }
}
