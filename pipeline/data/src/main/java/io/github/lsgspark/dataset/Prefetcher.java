package io.github.lsgspark.dataset;

import io.github.lsgspark.dataset.DataLoader.Wanted;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;

/** Batches of a {@link DataLoader} in their order, for one thread that takes them. */
public final class Prefetcher implements AutoCloseable {
  private final DataLoader loader;
  private final LongFunction<List<Wanted>> plan;
  private final long end;
  private final long room;
  private final Deque<Ahead> ahead = new ArrayDeque<>();
  private long planned;
  private long taken;
  private long held;
  private List<Wanted> waiting;
  private boolean planning;
  private boolean closed;
  private Throwable failure;
  private long waitedNanos;

  private record Ahead(CompletableFuture<ViewBatch> batch, long bytes) {}

  Prefetcher(DataLoader loader, LongFunction<List<Wanted>> plan, long first, long end, long room) {
    this.loader = loader;
    this.plan = plan;
    this.planned = first;
    this.taken = first;
    this.end = end;
    this.room = room;
  }

  /**
   * The next batch; the caller closes it. Fails with what a view of it threw.
   *
   * @throws NoSuchElementException after the last one
   */
  public ViewBatch next() {
    long start = System.nanoTime();
    try {
      ViewBatch batch = DataLoader.await(first().batch());
      synchronized (this) {
        held -= ahead.remove().bytes();
        taken++;
      }
      fill();
      return batch;
    } finally {
      waitedNanos += System.nanoTime() - start;
    }
  }

  private synchronized Ahead first() {
    if (taken >= end) {
      throw new NoSuchElementException("all batches were taken");
    }
    while (ahead.isEmpty()) {
      if (closed) {
        throw new IllegalStateException("the stream is closed");
      }
      if (failure != null) {
        throw DataLoader.rethrown(failure);
      }
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while a batch was planned", e);
      }
    }
    return ahead.peek();
  }

  /** Time that {@link #next} has taken so far, in nanoseconds. */
  public long waitedNanos() {
    return waitedNanos;
  }

  /** Bytes of the batches that are made or in the making and not taken yet. */
  synchronized long held() {
    return held;
  }

  /** Plans and starts batches while there is room, unless a thread is at it. */
  void fill() {
    synchronized (this) {
      if (planning || !hasRoom()) {
        return;
      }
      planning = true;
    }
    loader.execute(this::planAll);
  }

  private boolean hasRoom() {
    if (closed || failure != null || (waiting == null && planned >= end)) {
      return false;
    }
    long next = waiting == null ? 1 : loader.bytes(waiting.size());
    return ahead.isEmpty() || held + next <= room;
  }

  private void planAll() {
    try {
      while (true) {
        long number;
        synchronized (this) {
          if (waiting != null && hasRoom()) {
            held += loader.bytes(waiting.size());
            ahead.add(new Ahead(loader.start(waiting), loader.bytes(waiting.size())));
            waiting = null;
            notifyAll();
          }
          if (!hasRoom() || waiting != null) {
            planning = false;
            return;
          }
          number = planned++;
        }
        List<Wanted> wanted = plan.apply(number);
        synchronized (this) {
          waiting = wanted;
        }
      }
    } catch (Throwable e) {
      synchronized (this) {
        failure = e;
        planning = false;
        notifyAll();
      }
    }
  }

  /** Gives up what was made ahead. */
  @Override
  public synchronized void close() {
    closed = true;
    for (Ahead batch : ahead) {
      if (!batch.batch().completeExceptionally(new CancellationException("the stream is closed"))) {
        batch.batch().thenAccept(ViewBatch::close);
      }
    }
    ahead.clear();
    held = 0;
    notifyAll();
  }
}
