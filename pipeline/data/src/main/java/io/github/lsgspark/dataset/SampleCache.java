package io.github.lsgspark.dataset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkEnv;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encoded pictures that came from other machines, in one file of this JVM's Spark local directory:
 * appended to until it is full, never reordered, gone when the JVM ends. Nothing is replaced: every
 * epoch asks for every sample once, so those kept longest are worth as much as any. For several
 * threads; a thread that is interrupted does not close the file for the others, which is why the
 * channel is an asynchronous one.
 */
public final class SampleCache {
  private static final Logger LOG = LoggerFactory.getLogger(SampleCache.class);
  private static final SampleCache OFF = new SampleCache(null);
  private static SampleCache shared;

  private final Map<String, Piece> pieces = new ConcurrentHashMap<>();
  private final AtomicLong end = new AtomicLong();
  private final AtomicLong hits = new AtomicLong();
  private final AtomicLong misses = new AtomicLong();
  private final AsynchronousFileChannel file;
  private volatile long limit;

  private record Piece(long offset, int length) {}

  /**
   * What the cache did so far.
   *
   * @param bytes held
   */
  public record Counts(long hits, long misses, long bytes) {}

  private SampleCache(AsynchronousFileChannel file) {
    this.file = file;
  }

  /** A cache that keeps nothing. */
  public static SampleCache off() {
    return OFF;
  }

  /**
   * The cache of this JVM.
   *
   * @param limit in bytes, from now on; 0 keeps nothing
   */
  public static synchronized SampleCache shared(long limit) {
    if (limit <= 0) {
      return OFF;
    }
    try {
      if (shared == null) {
        shared = in(localDirectory());
      }
      shared.limit = limit;
      return shared;
    } catch (IOException e) {
      LOG.warn("no local cache of pictures: {}", e.toString());
      return OFF;
    }
  }

  static SampleCache in(Path folder) throws IOException {
    return new SampleCache(
        AsynchronousFileChannel.open(
            folder.resolve("lsg-samples-" + UUID.randomUUID()),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE));
  }

  SampleCache limitedTo(long bytes) {
    limit = bytes;
    return this;
  }

  private static Path localDirectory() {
    SparkEnv spark = SparkEnv.get();
    return spark == null
        ? Path.of(System.getProperty("java.io.tmpdir"))
        : spark.blockManager().diskBlockManager().localDirs()[0].toPath();
  }

  boolean isOff() {
    return file == null;
  }

  /** The bytes kept under a reference, or null. */
  byte[] find(String reference) {
    Piece piece = pieces.get(reference);
    if (piece != null) {
      byte[] bytes = new byte[piece.length()];
      if (transferred(bytes, piece.offset(), false)) {
        hits.incrementAndGet();
        return bytes;
      }
    }
    misses.incrementAndGet();
    return null;
  }

  /** Keeps bytes if there is room. */
  void keep(String reference, byte[] bytes) {
    if (pieces.containsKey(reference) || bytes.length == 0) {
      return;
    }
    long offset = reserved(bytes.length);
    if (offset >= 0 && transferred(bytes, offset, true)) {
      pieces.putIfAbsent(reference, new Piece(offset, bytes.length));
    }
  }

  private long reserved(int length) {
    while (true) {
      long offset = end.get();
      if (offset + length > limit) {
        return -1;
      }
      if (end.compareAndSet(offset, offset + length)) {
        return offset;
      }
    }
  }

  /** Whether all bytes were read or written; the file's troubles are not the caller's. */
  private boolean transferred(byte[] bytes, long offset, boolean write) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    try {
      while (buffer.hasRemaining()) {
        long at = offset + buffer.position();
        Future<Integer> step = write ? file.write(buffer, at) : file.read(buffer, at);
        if (step.get() < 0) {
          return false;
        }
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      if (limit > 0) {
        limit = 0;
        LOG.warn("no more pictures are cached on the local disk: {}", e.getCause().toString());
      }
      return false;
    }
  }

  /** Hits, misses and bytes so far. */
  public Counts counts() {
    return new Counts(hits.get(), misses.get(), end.get());
  }
}
