package io.github.lsgspark.torch;

import java.util.Optional;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;

/** A process group of PyTorch's c10d: Gloo's, whose waits hold the host, or NCCL's. */
final class BackendGroup implements ExchangeGroup {
  private final Backend backend;
  private final boolean onDevice;
  private final Supplier<Optional<String>> error;

  /**
   * @param backend kept beyond the scope that it was made in; closed with this
   * @param onDevice whether sums end on a device while the host goes on
   * @param error what the backend says is wrong
   */
  BackendGroup(Backend backend, boolean onDevice, Supplier<Optional<String>> error) {
    this.backend = backend;
    this.onDevice = onDevice;
    this.error = error;
  }

  @Override
  public Sum allReduce(Tensor tensor) {
    try (PointerScope scope = new PointerScope()) {
      return kept(backend.allreduce(new TensorVector(tensor)), scope);
    }
  }

  @Override
  public Sum barrier() {
    try (PointerScope scope = new PointerScope()) {
      return kept(backend.barrier(), scope);
    }
  }

  private Sum kept(Work work, PointerScope scope) {
    work.retainReference();
    scope.detach(work);
    return new WorkSum(work, onDevice);
  }

  private static final class WorkSum implements Sum {
    private final Work work;
    private final boolean onDevice;
    private volatile boolean waited;
    private boolean closed;

    WorkSum(Work work, boolean onDevice) {
      this.work = work;
      this.onDevice = onDevice;
    }

    @Override
    public void order() {
      try {
        work._wait();
      } finally {
        waited = !onDevice;
      }
    }

    /** Asked by the watchdog, too, which must not meet one that is closed. */
    @Override
    public synchronized boolean ended() {
      return closed || waited || work.isCompleted();
    }

    @Override
    public synchronized void close() {
      if (!closed) {
        closed = true;
        work.releaseReference();
      }
    }
  }

  @Override
  public Optional<String> error() {
    return error.get();
  }

  @Override
  public void abort() {
    backend.abort();
  }

  @Override
  public void close() {
    backend.close();
  }
}
