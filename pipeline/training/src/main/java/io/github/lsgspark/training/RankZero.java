package io.github.lsgspark.training;

import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.bytedeco.pytorch.Tensor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work of rank 0 that takes as long as it takes, such as writing to a slow file system. It runs in
 * a thread of its own, and the replicas say to each other at short intervals that they live: so the
 * longest wait for another ({@code train.timeout-seconds}) is that for a word, not for the work.
 */
final class RankZero {
  private static final Logger LOG = LoggerFactory.getLogger(RankZero.class);
  private static final long FIRST_WORD_MILLIS = 10;
  private static final long LONGEST_SILENCE_MILLIS = 500;
  private static final Duration REMINDER = Duration.ofMinutes(1);

  private final Collective collective;
  private final ComputeDevice device;

  RankZero(Collective collective, ComputeDevice device) {
    this.collective = collective;
    this.device = device;
  }

  /**
   * Does the work on rank 0; returns on all replicas when it is done.
   *
   * @param what it is, for errors and the log
   */
  void doesWhileOthersWait(String what, Runnable work) {
    if (collective.worldSize() == 1) {
      work.run();
      return;
    }
    if (collective.rank() > 0) {
      while (!together(false, what)) {
        collective.at("waiting for rank 0 to " + what);
      }
      return;
    }
    Worker worker = new Worker(work);
    worker.start();
    long silence = FIRST_WORD_MILLIS;
    long begun = System.nanoTime();
    long remind = begun + REMINDER.toNanos();
    while (!together(worker.doneWithin(silence), what)) {
      silence = Math.min(LONGEST_SILENCE_MILLIS, 2 * silence);
      if (System.nanoTime() > remind) {
        remind += REMINDER.toNanos();
        LOG.info(
            "train: rank 0 takes {} s so far to {}",
            Duration.ofNanos(System.nanoTime() - begun).toSeconds(),
            what);
      }
    }
  }

  /** Whether rank 0 is done, as it tells all. */
  private boolean together(boolean done, String what) {
    try (TensorScope scope = new TensorScope()) {
      Tensor word = Tensors.zeros(Dtype.FLOAT64, device, 1);
      Ops.fillInPlace(word, done ? 1 : 0);
      collective.allReduceSum(word, "rank 0 to " + what);
      return Tensors.item(word) > 0;
    }
  }

  /** The work in its thread. */
  private static final class Worker extends Thread {
    private final Runnable work;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Throwable failure;

    Worker(Runnable work) {
      super("rank 0's work");
      this.work = work;
      setDaemon(true);
    }

    @Override
    public void run() {
      try {
        work.run();
      } catch (RuntimeException | Error e) {
        failure = e;
      } finally {
        ended.countDown();
      }
    }

    /** Waits some time; what the work failed by is thrown here. */
    boolean doneWithin(long millis) {
      try {
        if (!ended.await(millis, TimeUnit.MILLISECONDS)) {
          return false;
        }
      } catch (InterruptedException e) {
        interrupt();
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while rank 0 works", e);
      }
      if (failure instanceof Error error) {
        throw error;
      }
      if (failure != null) {
        throw (RuntimeException) failure;
      }
      return true;
    }
  }
}
