package io.github.lsgspark.torch;

import org.bytedeco.pytorch.Tensor;

/**
 * What replicas of one training do together. Every replica must make the same calls in the same
 * order. Not safe for several threads.
 */
public interface Collective extends AutoCloseable {

  /** This replica's number, from 0. */
  int rank();

  /** Number of replicas. */
  int worldSize();

  /** Replaces the tensor, on every replica, by the sum over all replicas. */
  void allReduceSum(Tensor tensor);

  /** Waits for all replicas. */
  void barrier();

  @Override
  void close();

  /** A replica on its own. */
  static Collective single() {
    return new Collective() {
      @Override
      public int rank() {
        return 0;
      }

      @Override
      public int worldSize() {
        return 1;
      }

      @Override
      public void allReduceSum(Tensor tensor) {}

      @Override
      public void barrier() {}

      @Override
      public void close() {}
    };
  }
}
