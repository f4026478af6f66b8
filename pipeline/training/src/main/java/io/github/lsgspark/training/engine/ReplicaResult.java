package io.github.lsgspark.training.engine;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.StorageFault;
import io.github.lsgspark.storage.TransientFault;
import io.github.lsgspark.torch.LostPeerException;
import java.io.PrintWriter;
import java.io.Serializable;
import java.io.StringWriter;
import java.util.Optional;

/**
 * How a replica ended. Failures travel as values: Spark would turn them to text, and show the one
 * that came first instead of the one that was the cause.
 *
 * @param value of a program that ended well
 * @param message of one that did not
 * @param exitCode of a foreseen failure; 0 otherwise
 * @param trace the stack of an unforeseen failure
 */
record ReplicaResult<T extends Serializable>(
    int rank, Kind kind, T value, String message, int exitCode, String trace)
    implements Serializable {

  /** Ways to end; of several failures, the one whose kind comes first is the cause. */
  enum Kind {
    /** A fault of the program, its data or its machine: it would fail again. */
    FAILED,
    /** Asked to stop. */
    STOPPED,
    /** The storage failed in a way that may pass: it may go well on a second try. */
    STORAGE,
    /** Another replica was lost: it may go well on a second try. */
    LOST_PEER,
    DONE
  }

  static <T extends Serializable> ReplicaResult<T> done(int rank, T value) {
    return new ReplicaResult<>(rank, Kind.DONE, value, "", 0, "");
  }

  static <T extends Serializable> ReplicaResult<T> of(int rank, Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof LostPeerException) {
        return new ReplicaResult<>(rank, Kind.LOST_PEER, null, cause.getMessage(), 0, "");
      }
      if (cause instanceof StoppedException) {
        return new ReplicaResult<>(rank, Kind.STOPPED, null, cause.getMessage(), 0, "");
      }
      if (cause instanceof LsgException foreseen) {
        return new ReplicaResult<>(
            rank, Kind.FAILED, null, foreseen.getMessage(), foreseen.exitCode(), "");
      }
    }
    if (TransientFault.in(failure).isPresent()) {
      return new ReplicaResult<>(
          rank,
          Kind.STORAGE,
          null,
          "rank " + rank + ": the storage failed: " + TransientFault.message(failure),
          0,
          "");
    }
    Optional<LsgException> storage = StorageFault.of(failure);
    if (storage.isPresent()) {
      return new ReplicaResult<>(
          rank, Kind.FAILED, null, storage.get().getMessage(), storage.get().exitCode(), "");
    }
    if (lacksMemory(failure)) {
      return new ReplicaResult<>(
          rank,
          Kind.FAILED,
          null,
          "out of memory ("
              + firstLine(failure)
              + "); give executors more (spark.executor.memory for the heap,"
              + " spark.executor.memoryOverhead for tensors), or make steps smaller"
              + " (train.global-batch, train.accumulation)",
          LsgException.ENVIRONMENT,
          "");
    }
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    return new ReplicaResult<>(rank, Kind.FAILED, null, failure.toString(), 0, trace.toString());
  }

  private static boolean lacksMemory(Throwable failure) {
    String text = String.valueOf(failure.getMessage());
    return failure instanceof OutOfMemoryError
        || text.contains("can't allocate memory")
        || text.contains("CUDA out of memory");
  }

  private static String firstLine(Throwable failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }

  boolean failed() {
    return kind != Kind.DONE;
  }

  /** What is thrown on the driver. */
  RuntimeException exception() {
    String text = "rank " + rank + ": " + message;
    return exitCode > 0
        ? LsgException.of(exitCode, text)
        : new IllegalStateException(trace.isEmpty() ? text : text + "\n" + trace);
  }
}
