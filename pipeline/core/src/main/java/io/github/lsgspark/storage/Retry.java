package io.github.lsgspark.storage;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import org.apache.hadoop.fs.FSError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does again what failed by a {@link TransientFault}, some times and after some pauses. For what is
 * the same whether it is done once or twice: reading, listing, writing a whole file, deleting.
 */
public final class Retry {
  private static final Logger LOG = LoggerFactory.getLogger(Retry.class);

  /** Before the second attempt, the third and so on. */
  private static final List<Duration> PAUSES =
      List.of(Duration.ofMillis(200), Duration.ofSeconds(1), Duration.ofSeconds(3));

  private Retry() {}

  /** What may fail. */
  public interface Action<T> {
    T run() throws IOException;
  }

  /**
   * Does something with storage, again where the failure may pass.
   *
   * @param path that it is about, for the log
   * @throws IOException of the last attempt, or one that will not pass
   */
  public static <T> T io(String path, Action<T> action) throws IOException {
    for (Duration pause : PAUSES) {
      try {
        return once(action);
      } catch (IOException e) {
        if (!TransientFault.mayPass(e)) {
          throw e;
        }
        LOG.warn("{}: {}; tried again in {} ms", path, e.getMessage(), pause.toMillis());
        pause(pause, e);
      }
    }
    return once(action);
  }

  /** Hadoop's client of local disks says by an error what others say by an exception. */
  private static <T> T once(Action<T> action) throws IOException {
    try {
      return action.run();
    } catch (FSError e) {
      throw LocalFault.of(e);
    }
  }

  private static void pause(Duration pause, IOException cause) throws IOException {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException(cause.getMessage());
      interrupted.initCause(cause);
      throw interrupted;
    }
  }
}
