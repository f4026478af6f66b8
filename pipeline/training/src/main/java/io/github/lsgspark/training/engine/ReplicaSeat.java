package io.github.lsgspark.training.engine;

import io.github.lsgspark.config.LsgException;
import java.util.HashMap;
import java.util.Map;

/**
 * Where a replica computes, as it tells the others before they meet.
 *
 * @param host of its executor
 * @param executor Spark's name of it
 * @param device such as {@code cuda:1} or {@code cpu}
 */
record ReplicaSeat(String host, String executor, String device) {
  private static final String BETWEEN = "\t";
  private static final int PARTS = 4;

  boolean onCard() {
    return !device.equals("cpu");
  }

  /** The seat in front of a message, as one line. */
  String with(String message) {
    return String.join(BETWEEN, host, executor, device, message);
  }

  private static String[] parts(String line) {
    return line.split(BETWEEN, PARTS);
  }

  /** What stands behind the seat. */
  static String message(String line) {
    return parts(line)[PARTS - 1];
  }

  /**
   * Two replicas on one card would wait for each other within NCCL.
   *
   * @param lines what the replicas told, in the order of their ranks
   * @throws LsgException exit 4 if two of them have the same card
   */
  static void requireOwnCards(String[] lines) {
    Map<ReplicaSeat, Integer> taken = new HashMap<>();
    for (int rank = 0; rank < lines.length; rank++) {
      String[] parts = parts(lines[rank]);
      ReplicaSeat seat = new ReplicaSeat(parts[0], parts[1], parts[2]);
      Integer other = seat.onCard() ? taken.putIfAbsent(seat, rank) : null;
      if (other != null) {
        throw LsgException.environment(
            String.format(
                "ranks %d and %d were both given %s of executor %s on %s, but NCCL needs a card for"
                    + " each: set spark.task.resource.gpu.amount = 1, or take"
                    + " train.exchange.backend = gloo, with which replicas share a card",
                other, rank, seat.device(), seat.executor(), seat.host()),
            null);
      }
    }
  }
}
