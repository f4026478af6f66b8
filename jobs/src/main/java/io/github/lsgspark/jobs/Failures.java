package io.github.lsgspark.jobs;

import io.github.lsgspark.config.LsgException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a failure is told to the person who runs the program, and the exit code it ends with. */
final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);
  private static final int UNFORESEEN = 1;

  private Failures() {}

  /**
   * Prints the failure. A foreseen one is its message; anything else comes with its stack trace.
   *
   * @return the process exit code
   */
  static int report(Throwable failure) {
    Optional<LsgException> foreseen = causeOf(failure, LsgException.class);
    if (foreseen.isPresent()) {
      System.err.println("lsg: " + foreseen.get().getMessage());
      return foreseen.get().exitCode();
    }
    Optional<OutOfMemoryError> memory = causeOf(failure, OutOfMemoryError.class);
    if (memory.isPresent()) {
      System.err.println(
          "lsg: out of memory ("
              + memory.get().getMessage()
              + "). Give the driver more with LSG_DRIVER_MEMORY=8g, or the executors with"
              + " --conf spark.executor.memory=8g.");
      return LsgException.ENVIRONMENT;
    }
    LOG.error("failed", failure);
    return UNFORESEEN;
  }

  /** The first cause of a type: what a task threw arrives wrapped by Spark. */
  private static <T extends Throwable> Optional<T> causeOf(Throwable failure, Class<T> type) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return Optional.of(type.cast(cause));
      }
    }
    return Optional.empty();
  }
}
