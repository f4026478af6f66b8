package io.github.lsgspark.torch;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/** What a device's tensors go through where Gloo is chosen for GPUs, on the processor. */
class HostStagedGroupTest {
  @Test
  void aSumReachesTheTensorWhenItIsWaitedFor() {
    ExchangeGroup host = new FakeTransport(1).group();
    ExchangeGroup group = new HostStagedGroup(host);
    try (TensorScope scope = new TensorScope()) {
      Tensor values = Tensors.of(new float[] {1, 2, 3}, 3);
      ExchangeGroup.Sum sum;
      // As in a backward pass, whose scope ends before the sum is waited for.
      try (TensorScope backward = new TensorScope()) {
        sum = group.allReduce(values);
      }
      // The host's copy is what travels.
      values.zero_();
      sum.order();
      assertThat(sum.ended()).isTrue();
      assertThat(Tensors.floats(values)).containsExactly(1, 2, 3);
      sum.close();
    }
  }
}
