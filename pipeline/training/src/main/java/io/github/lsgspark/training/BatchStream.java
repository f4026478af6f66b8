package io.github.lsgspark.training;

import io.github.lsgspark.dataset.ViewBatch;

/** The labelled batches of one replica, one after the other. */
interface BatchStream extends AutoCloseable {

  /** What batch number {@code number} holds. */
  BatchPlan plan(long number);

  /** What the network sees of the next batch; closed by the caller. */
  ViewBatch next();

  /** Nanoseconds that {@link #next} has waited, in all. */
  long waitedNanos();

  @Override
  void close();
}
