package io.github.lsgspark.torch;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * What carries sums between replicas: a process group of PyTorch's c10d, or another transport. Used
 * by the replica's own thread, but for {@link #abort}, {@link #error} and {@link Sum#ended}.
 */
interface ExchangeGroup extends AutoCloseable {

  /** A sum, or a meeting, that is under way. */
  interface Sum extends AutoCloseable {
    /**
     * Makes what is computed next come after it: on a device in its order, while the host goes on;
     * on the processor by waiting.
     */
    void order();

    /** Whether it has ended, well or not; does not wait. */
    boolean ended();

    @Override
    void close();
  }

  /** Begins to replace the tensor by the sum over all replicas. */
  Sum allReduce(Tensor tensor);

  /** Begins to wait until all replicas have come. */
  Sum barrier();

  /** What the transport itself says is wrong; empty if nothing is. */
  Optional<String> error();

  /** Ends what is under way; the group is of no use any more. */
  void abort();

  @Override
  void close();
}
