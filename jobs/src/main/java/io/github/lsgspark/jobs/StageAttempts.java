package io.github.lsgspark.jobs;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.TransientFault;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a stage's output again, from its beginning, when the storage failed in a way that may pass.
 * A training's own attempts go on from its checkpoints, and what they end by is not tried again
 * here.
 */
final class StageAttempts {
  private static final Logger LOG = LoggerFactory.getLogger(StageAttempts.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private StageAttempts() {}

  /**
   * @param attempts at most
   * @throws LsgException what the work ended by, if it is foreseen
   */
  static <T> T of(Stage stage, int attempts, Supplier<T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return work.get();
      } catch (Throwable e) {
        if (attempt >= attempts || Failures.ofStorage(e).isEmpty()) {
          throw e;
        }
        LOG.warn(
            "{}: attempt {} of {} ended, as the storage failed: {}",
            stage.name(),
            attempt,
            attempts,
            TransientFault.message(e));
        pause(attempt, e);
      }
    }
  }

  /** Gives a storage time to come back: longer each time. */
  private static void pause(int attempt, Throwable cause) {
    try {
      Thread.sleep(Math.min(FIRST_PAUSE.toMillis() << (attempt - 1), LONGEST_PAUSE.toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted between two attempts", cause);
    }
  }
}
