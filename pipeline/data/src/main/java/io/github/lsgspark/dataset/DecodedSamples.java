package io.github.lsgspark.dataset;

import io.github.lsgspark.dataset.modality.Decoded;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Decoded samples that stay in the heap, by sample id, for several threads. All of a JVM's replicas
 * draw on one allowance. First come, first kept: every epoch asks for every sample once.
 */
final class DecodedSamples implements AutoCloseable {
  private static final AtomicLong HELD = new AtomicLong();

  private final long limit;
  private final Map<String, Decoded> samples = new ConcurrentHashMap<>();

  /**
   * @param limit in bytes of all replicas of this JVM; 0: a quarter of the heap
   */
  DecodedSamples(long limit) {
    this.limit = limit > 0 ? limit : Runtime.getRuntime().maxMemory() / 4;
  }

  /** Bytes held by all of this JVM. */
  static long held() {
    return HELD.get();
  }

  Decoded find(String id) {
    return samples.get(id);
  }

  /** Keeps a sample if there is room. */
  void keep(String id, Decoded sample) {
    long bytes = sample.bytes();
    if (HELD.addAndGet(bytes) > limit || samples.putIfAbsent(id, sample) != null) {
      HELD.addAndGet(-bytes);
    }
  }

  @Override
  public void close() {
    for (String id : samples.keySet()) {
      Decoded sample = samples.remove(id);
      if (sample != null) {
        HELD.addAndGet(-sample.bytes());
      }
    }
  }
}
