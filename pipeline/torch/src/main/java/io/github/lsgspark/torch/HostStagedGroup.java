package io.github.lsgspark.torch;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/** Sums of a device's tensors through host memory, by a group that sums on the processor. */
final class HostStagedGroup implements ExchangeGroup {
  private final ExchangeGroup host;

  HostStagedGroup(ExchangeGroup host) {
    this.host = host;
  }

  /** Called in the scope that the sum is waited for in. */
  @Override
  public Sum allReduce(Tensor tensor) {
    Tensor staged = Tensors.onto(tensor.detach(), ComputeDevice.cpu()).clone();
    Sum sum = host.allReduce(staged);
    return new Sum() {
      @Override
      public void order() {
        sum.order();
        tensor.detach().copy_(staged);
      }

      @Override
      public boolean ended() {
        return sum.ended();
      }

      @Override
      public void close() {
        sum.close();
      }
    };
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
