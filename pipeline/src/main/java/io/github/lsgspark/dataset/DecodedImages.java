package io.github.lsgspark.dataset;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Decoded images that stay in the heap, by sample id, for several threads. All of a JVM's replicas
 * draw on one allowance. First come, first kept: every epoch asks for every sample once.
 */
final class DecodedImages implements AutoCloseable {
  private static final AtomicLong HELD = new AtomicLong();

  private final long limit;
  private final Map<String, DecodedImage> images = new ConcurrentHashMap<>();

  /**
   * @param limit in bytes of all replicas of this JVM; 0: a quarter of the heap
   */
  DecodedImages(long limit) {
    this.limit = limit > 0 ? limit : Runtime.getRuntime().maxMemory() / 4;
  }

  /** Bytes held by all of this JVM. */
  static long held() {
    return HELD.get();
  }

  DecodedImage find(String id) {
    return images.get(id);
  }

  /** Keeps an image if there is room. */
  void keep(String id, DecodedImage image) {
    long bytes = image.rgb().length;
    if (HELD.addAndGet(bytes) > limit || images.putIfAbsent(id, image) != null) {
      HELD.addAndGet(-bytes);
    }
  }

  @Override
  public void close() {
    for (String id : images.keySet()) {
      DecodedImage image = images.remove(id);
      if (image != null) {
        HELD.addAndGet(-image.rgb().length);
      }
    }
  }
}
