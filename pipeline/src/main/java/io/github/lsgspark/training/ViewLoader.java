package io.github.lsgspark.training;

import io.github.lsgspark.config.Seeds;
import io.github.lsgspark.dataset.DecodedImage;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.SampleSource;
import io.github.lsgspark.dataset.ViewMaker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes views of samples on threads of its own, so that the next step's are ready when this one
 * ends. Decoded images are kept as long as they fit into a share of the heap.
 */
final class ViewLoader implements AutoCloseable {
  private final SampleSource source;
  private final ViewMaker views;
  private final ExecutorService threads;
  private final ConcurrentHashMap<String, DecodedImage> decoded = new ConcurrentHashMap<>();
  private final AtomicLong room = new AtomicLong(Runtime.getRuntime().maxMemory() / 4);

  ViewLoader(SampleSource source, ViewMaker views, int threads) {
    this.source = source;
    this.views = views;
    this.threads =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "views");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * A view to be made.
   *
   * @param seed of its random crop; null for the evaluation view
   */
  record Wanted(Sample sample, Long seed) {

    /** View number {@code view} of a sample in an epoch. */
    static Wanted random(Sample sample, long seed, String purpose, long epoch, int view) {
      return new Wanted(sample, Seeds.derive(seed, purpose, epoch, sample.id(), view));
    }
  }

  /** Views in the making, in order. */
  final class Pending {
    private final List<Future<float[]>> parts;

    private Pending(List<Future<float[]>> parts) {
      this.parts = parts;
    }

    int count() {
      return parts.size();
    }

    /** All views, one after the other: [count, 3, size, size]. */
    float[] await() {
      float[] all = new float[parts.size() * views.length()];
      for (int i = 0; i < parts.size(); i++) {
        System.arraycopy(value(parts.get(i)), 0, all, i * views.length(), views.length());
      }
      return all;
    }
  }

  Pending start(List<Wanted> wanted) {
    List<Future<float[]>> parts = new ArrayList<>(wanted.size());
    for (Wanted view : wanted) {
      parts.add(threads.submit(() -> make(view)));
    }
    return new Pending(parts);
  }

  private float[] make(Wanted wanted) {
    DecodedImage image = decoded(wanted.sample());
    return wanted.seed() == null ? views.evaluate(image) : views.train(image, wanted.seed());
  }

  private DecodedImage decoded(Sample sample) {
    DecodedImage known = decoded.get(sample.id());
    if (known != null) {
      return known;
    }
    DecodedImage image = source.decode(sample);
    if (room.addAndGet(-image.rgb().length) > 0) {
      decoded.put(sample.id(), image);
    }
    return image;
  }

  private static float[] value(Future<float[]> part) {
    try {
      return part.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while views were made", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
