package io.github.lsgspark.jobs;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.StorageFault;
import io.github.lsgspark.storage.TransientFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.spark.SparkException;
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
    Optional<String> message = message(failure);
    if (message.isEmpty()) {
      LOG.error("failed", failure);
      return UNFORESEEN;
    }
    System.err.println("lsg: " + message.get());
    return told(failure).map(LsgException::exitCode).orElse(LsgException.ENVIRONMENT);
  }

  /** A failure of the program's own, or one of storage. */
  private static Optional<LsgException> told(Throwable failure) {
    return causeOf(failure, LsgException.class).or(() -> StorageFault.of(failure));
  }

  /** What a foreseen failure is told by; empty for any other. */
  static Optional<String> message(Throwable failure) {
    return told(failure)
        .map(Throwable::getMessage)
        .or(
            () ->
                ofStorage(failure)
                    .map(
                        fault ->
                            "the storage failed: "
                                + TransientFault.message(failure)
                                + ". The same command goes on when it is back"))
        .or(
            () ->
                causeOf(failure, OutOfMemoryError.class)
                    .map(
                        memory ->
                            "out of memory ("
                                + memory.getMessage()
                                + "). Give the driver more with LSG_DRIVER_MEMORY=8g, or the"
                                + " executors with --conf spark.executor.memory=8g."));
  }

  /**
   * The fault of a storage, which may pass, that a failure was caused by: one of this program's own
   * reading and writing, or of Spark's.
   */
  static Optional<IOException> ofStorage(Throwable failure) {
    if (causeOf(failure, LsgException.class).isPresent()
        || (causeOf(failure, UncheckedIOException.class).isEmpty()
            && causeOf(failure, SparkException.class).isEmpty())) {
      return Optional.empty();
    }
    return StorageFault.passing(failure);
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
