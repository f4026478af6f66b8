package io.github.lsgspark.torch;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.ByteVector;
import org.bytedeco.pytorch.StringVector;
import org.bytedeco.pytorch.TCPStore;

/**
 * Signs in the store where the group met, by a connection of their own: what waits on the other
 * connection does not hold them up.
 */
final class StoreSigns implements PeerSigns {
  private static final String FAILED = "failed";
  private static final long CLOSE_MILLIS = 2000;

  private final TCPStore store;
  private final int rank;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean closed;

  /**
   * @param store closed with this
   */
  StoreSigns(TCPStore store, int rank) {
    this.store = store;
    this.rank = rank;
  }

  @Override
  public void say(String text) {
    put("sign/" + rank, text);
  }

  @Override
  public Optional<String> of(int other) {
    return get("sign/" + other);
  }

  @Override
  public void fail(String reason) {
    if (failure().isEmpty()) {
      put(FAILED, reason);
    }
  }

  @Override
  public Optional<String> failure() {
    return get(FAILED);
  }

  private void put(String key, String text) {
    open();
    try (PointerScope scope = new PointerScope()) {
      store.set(key, new ByteVector(text.getBytes(StandardCharsets.UTF_8)));
    } finally {
      lock.unlock();
    }
  }

  /** Asking for a key that is not there would wait for it. */
  private Optional<String> get(String key) {
    open();
    try (PointerScope scope = new PointerScope()) {
      return store.check(new StringVector(key))
          ? Optional.of(new String(store.get(key).get(), StandardCharsets.UTF_8))
          : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private void open() {
    lock.lock();
    if (closed) {
      lock.unlock();
      throw new IllegalStateException("the store was closed");
    }
  }

  /** One that somebody hangs in stays as it is. */
  @Override
  public void close() {
    try {
      if (lock.tryLock(CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
        if (!closed) {
          closed = true;
          store.close();
        }
        lock.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
