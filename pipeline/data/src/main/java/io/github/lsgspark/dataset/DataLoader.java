package io.github.lsgspark.dataset;

import io.github.lsgspark.config.Seeds;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.dataset.modality.Decoded;
import io.github.lsgspark.dataset.modality.Modality;
import io.github.lsgspark.dataset.modality.ViewKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;

/**
 * Makes batches of views on threads of its own, ahead of the steps that use them. A sample that
 * stands in a batch more than once is decoded once for it.
 */
public final class DataLoader implements AutoCloseable {
  private static final long CLOSE_SECONDS = 10;

  private final SampleSource source;
  private final Modality modality;
  private final long prefetchBytes;
  private final ExecutorService threads;
  private final DecodedSamples decoded;
  private final BatchBuffers buffers;

  /**
   * @param source closed together with the loader
   * @param cores of the replica: threads where the settings name none
   */
  public DataLoader(SampleSource source, TrainSettings.InputSettings settings, int cores) {
    this.source = source;
    this.modality = source.modality();
    this.prefetchBytes = settings.prefetchBytes();
    this.decoded = new DecodedSamples(settings.decodedBytes());
    this.buffers = new BatchBuffers(prefetchBytes);
    this.threads =
        Executors.newFixedThreadPool(
            settings.threads() > 0 ? settings.threads() : cores,
            task -> {
              Thread thread = new Thread(task, "views");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * A view to be made.
   *
   * @param seed of its random choices; of an evaluation view its number
   */
  public record Wanted(Sample sample, ViewKind kind, long seed) {

    /**
     * A view that a model is evaluated on.
     *
     * @param view its number, from 0
     */
    public static Wanted evaluation(Sample sample, int view) {
      return new Wanted(sample, ViewKind.EVALUATION, view);
    }

    /** View number {@code view} of a sample in an epoch. */
    public static Wanted random(
        Sample sample, ViewKind kind, long seed, String purpose, long epoch, int view) {
      return new Wanted(sample, kind, Seeds.derive(seed, purpose, epoch, sample.id(), view));
    }
  }

  /**
   * Batches in order, made as far ahead as {@code train.input.prefetch-bytes} allows.
   *
   * @param plan the views of a batch; called in order, by one of the loader's threads at a time
   * @param first number of the first batch
   * @param end number after that of the last batch
   */
  public Prefetcher open(LongFunction<List<Wanted>> plan, long first, long end) {
    Prefetcher stream = new Prefetcher(this, plan, first, end, prefetchBytes);
    stream.fill();
    return stream;
  }

  /** Makes one batch, behind those that streams have begun, and waits for it. */
  public ViewBatch load(List<Wanted> wanted) {
    return await(start(wanted));
  }

  /** How many views a sample is evaluated by. */
  public int evaluationViews() {
    return modality.evaluationViews();
  }

  void execute(Runnable task) {
    threads.execute(task);
  }

  long bytes(int count) {
    return ViewBatch.bytes(count, modality.length());
  }

  /** The batch in the making; it fails with what the first failing view threw. */
  CompletableFuture<ViewBatch> start(List<Wanted> wanted) {
    Map<String, List<Integer>> rows = new LinkedHashMap<>();
    for (int row = 0; row < wanted.size(); row++) {
      rows.computeIfAbsent(wanted.get(row).sample().id(), id -> new ArrayList<>(2)).add(row);
    }
    ViewBatch batch = new ViewBatch(buffers, wanted.size(), modality.shape());
    CompletableFuture<ViewBatch> done = new CompletableFuture<>();
    AtomicInteger left = new AtomicInteger(rows.size());
    for (List<Integer> own : rows.values()) {
      threads.execute(
          () -> {
            if (!done.isDone()) {
              try {
                make(wanted, own, batch);
              } catch (Throwable e) {
                done.completeExceptionally(e);
              }
            }
            // The memory may be used again only when no thread writes into it any more.
            if (left.decrementAndGet() == 0 && !done.complete(batch)) {
              batch.close();
            }
          });
    }
    if (rows.isEmpty()) {
      done.complete(batch);
    }
    return done;
  }

  private void make(List<Wanted> wanted, List<Integer> rows, ViewBatch batch) {
    Decoded sample = decoded(wanted.get(rows.get(0)).sample());
    for (int row : rows) {
      modality.write(sample, wanted.get(row).kind(), wanted.get(row).seed(), batch.view(row));
    }
  }

  private Decoded decoded(Sample sample) {
    Decoded known = decoded.find(sample.id());
    if (known != null) {
      return known;
    }
    Decoded opened = source.decode(sample);
    decoded.keep(sample.id(), opened);
    return opened;
  }

  static ViewBatch await(CompletableFuture<ViewBatch> batch) {
    try {
      return batch.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while views were made", e);
    } catch (ExecutionException e) {
      throw rethrown(e.getCause());
    }
  }

  /** Throws what a view or a plan threw. */
  static RuntimeException rethrown(Throwable failure) {
    if (failure instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    throw new IllegalStateException(failure);
  }

  @Override
  public void close() {
    threads.shutdownNow();
    try {
      threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    decoded.close();
    source.close();
  }
}
