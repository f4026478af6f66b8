package io.github.lsgspark.training.engine;

import io.github.lsgspark.storage.HadoopFiles;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.spark.util.ShutdownHookManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.runtime.AbstractFunction0;
import scala.runtime.BoxedUnit;

/**
 * Tells work under way in this JVM that it should save and stop: since the JVM is being ended
 * (SIGTERM), or since a stop file has appeared. The end of the JVM waits for it, within bounds.
 */
final class StopSignal implements BooleanSupplier, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StopSignal.class);

  /** Before Spark's own hook, which ends the context (50). */
  private static final int BEFORE_SPARK = 100;

  private static final long LOOK_EVERY_NANOS = 2_000_000_000L;

  /** All that must hear of the end of this JVM, in one hook: hooks run one after the other. */
  private static final Set<StopSignal> LISTENING = ConcurrentHashMap.newKeySet();

  private static boolean hooked;

  private final HadoopFiles files;
  private final String stopFile;
  private final Runnable onEnd;
  private final Duration grace;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean ending;
  private boolean found;
  private long looked = System.nanoTime();

  private StopSignal(HadoopFiles files, String stopFile, Runnable onEnd, Duration grace) {
    this.files = files;
    this.stopFile = stopFile;
    this.onEnd = onEnd;
    this.grace = grace;
  }

  /**
   * Listens until {@link #close}.
   *
   * @param stopFile looked for every two seconds; empty: none
   * @param onEnd runs first when the JVM is being ended
   * @param grace how long the end of the JVM waits for {@link #close}
   */
  static StopSignal listen(HadoopFiles files, String stopFile, Runnable onEnd, Duration grace) {
    StopSignal signal = new StopSignal(files, stopFile, onEnd, grace);
    LISTENING.add(signal);
    hook();
    return signal;
  }

  private static synchronized void hook() {
    if (!hooked) {
      hooked = true;
      ShutdownHookManager.addShutdownHook(
          BEFORE_SPARK,
          new AbstractFunction0<BoxedUnit>() {
            @Override
            public BoxedUnit apply() {
              List<StopSignal> all = List.copyOf(LISTENING);
              all.forEach(signal -> signal.ending = true);
              all.forEach(signal -> signal.onEnd.run());
              all.forEach(StopSignal::await);
              return BoxedUnit.UNIT;
            }
          });
    }
  }

  private void await() {
    try {
      // Not in time: the checkpoint before this one counts.
      boolean unused = ended.await(grace.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the JVM is being ended. */
  boolean ending() {
    return ending;
  }

  @Override
  public boolean getAsBoolean() {
    long now = System.nanoTime();
    if (!ending && !found && !stopFile.isEmpty() && now - looked > LOOK_EVERY_NANOS) {
      looked = now;
      try {
        found = files.exists(stopFile);
      } catch (UncheckedIOException e) {
        LOG.warn("the stop file cannot be looked for: {}", e.getMessage());
      }
    }
    return ending || found;
  }

  @Override
  public void close() {
    LISTENING.remove(this);
    ended.countDown();
  }
}
