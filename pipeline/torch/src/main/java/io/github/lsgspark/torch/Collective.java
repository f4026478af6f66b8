package io.github.lsgspark.torch;

import java.util.Optional;
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

  /**
   * Begins to replace the tensor, on every replica, by the sum over all replicas. The tensor must
   * not be touched before {@link Pending#await}, which is called in the same {@link TensorScope}.
   *
   * @param what is summed, for errors and the log
   */
  Pending startAllReduceSum(Tensor tensor, String what);

  /** A sum that is under way. */
  interface Pending {
    /**
     * Makes what is computed next come after it: on the processor by waiting, on a device in its
     * order. Before the host reads what came of it, {@link #settle} is called.
     *
     * @throws LostPeerException if another replica fails or is not heard of in time
     */
    void await();
  }

  /**
   * Waits until all that was begun has ended, on a device, too.
   *
   * @param what is waited for, for errors and the log
   * @throws LostPeerException if another replica failed or was not heard of in time: what was
   *     summed since then is void
   */
  void settle(String what);

  /** Replaces the tensor, on every replica, by the sum over all replicas, for the host to read. */
  default void allReduceSum(Tensor tensor, String what) {
    try (TensorScope scope = new TensorScope()) {
      startAllReduceSum(tensor, what).await();
    }
    settle(what);
  }

  /** Waits until all replicas have come here. */
  void barrier(String what);

  /** Tells the others, now and then, where this replica is: they say it if it is lost. */
  void at(String place);

  /** Nanoseconds that this replica has spent waiting for others, in all. */
  long waitedNanos();

  /**
   * The loss of another replica that this one met, if it met one. What is thrown within a backward
   * pass comes out of libtorch as another exception.
   */
  Optional<LostPeerException> lost();

  /** Ends the group at once, with what is under way: the others fail in their next wait. */
  void abort();

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
      public Pending startAllReduceSum(Tensor tensor, String what) {
        return () -> {};
      }

      @Override
      public void settle(String what) {}

      @Override
      public void barrier(String what) {}

      @Override
      public void at(String place) {}

      @Override
      public long waitedNanos() {
        return 0;
      }

      @Override
      public Optional<LostPeerException> lost() {
        return Optional.empty();
      }

      @Override
      public void abort() {}

      @Override
      public void close() {}
    };
  }
}
