package io.github.lsgspark.torch;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/** Sums of a device's tensors through host memory, by a group that sums on the processor. */
final class HostStagedGroup implements ExchangeGroup {
  private final ExchangeGroup host;

  HostStagedGroup(ExchangeGroup host) {
    this.host = host;
  }

  @Override
  public Sum allReduce(Tensor tensor) {
    // Beyond the scope of the caller, which may end before the sum is waited for.
    Tensor staged = staged(tensor);
    Sum sum = host.allReduce(staged);
    return new Sum() {
      @Override
      public void order() {
        sum.order();
        try (TensorScope scope = new TensorScope()) {
          tensor.detach().copy_(staged);
        }
      }

      @Override
      public boolean ended() {
        return sum.ended();
      }

      @Override
      public void close() {
        sum.close();
        staged.close();
      }
    };
  }

  private static Tensor staged(Tensor tensor) {
    try (TensorScope scope = new TensorScope()) {
      return scope.keep(Tensors.onto(tensor.detach(), ComputeDevice.cpu()).clone());
    }
  }

  @Override
  public Sum barrier() {
    return host.barrier();
  }

  @Override
  public Optional<String> error() {
    return host.error();
  }

  @Override
  public void abort() {
    host.abort();
  }

  @Override
  public void close() {
    host.close();
  }
}
