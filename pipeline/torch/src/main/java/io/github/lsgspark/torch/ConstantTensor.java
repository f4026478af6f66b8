package io.github.lsgspark.torch;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.pytorch.Tensor;

/** Numbers that a network computes with and does not learn; copied to each device once. */
public final class ConstantTensor implements AutoCloseable {
  private final HostArray values;
  private final Map<ComputeDevice, Tensor> copies = new ConcurrentHashMap<>();

  /** Takes the values as they are. */
  public ConstantTensor(HostArray values) {
    this.values = values;
  }

  /** The values. */
  public HostArray values() {
    return values;
  }

  /** The values on a device; this object's to close. */
  public Tensor on(ComputeDevice device) {
    return copies.computeIfAbsent(
        device,
        where -> {
          try (TensorScope scope = new TensorScope()) {
            return TensorScope.detached(Tensors.onto(values.exactTensor(), where));
          }
        });
  }

  @Override
  public void close() {
    copies.values().forEach(Tensor::close);
    copies.clear();
  }
}
