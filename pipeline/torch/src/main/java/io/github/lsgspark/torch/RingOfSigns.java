package io.github.lsgspark.torch;

import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * One replica's place in the ring in which replicas watch each other: each says where it is, and
 * looks at the next one. What a look costs does not grow with the number of replicas.
 */
final class RingOfSigns {
  /** Said last by a replica that has come to its end: it is not missed. */
  private static final String ENDED = "ended";

  /** Looks in a row at which the store fails, before rank 0 counts as gone. */
  private static final int REFUSALS = 3;

  private final PeerSigns signs;
  private final int next;
  private final boolean alone;
  private final LongSupplier clock;
  private String place = "the start";
  private long placed = System.currentTimeMillis();
  private long beats;
  private String neighbour = "";
  private long heard;
  private long answered;
  private int refusals;

  /**
   * @param clock nanoseconds
   */
  RingOfSigns(PeerSigns signs, int rank, int worldSize, LongSupplier clock) {
    this.signs = signs;
    this.next = (rank + 1) % worldSize;
    this.alone = worldSize == 1;
    this.clock = clock;
    this.heard = clock.getAsLong();
    this.answered = heard;
  }

  /** Where this replica is, from the next look on. */
  synchronized void at(String where) {
    place = where;
    placed = System.currentTimeMillis();
  }

  private synchronized String own(boolean ended) {
    beats++;
    return ended ? ENDED : beats + " " + placed + " " + place;
  }

  /**
   * Says where this replica is, and hears where its neighbour is. May hang with the store.
   *
   * @param ended whether this replica has come to its end
   * @return why the group has failed, if a replica has said so
   */
  Optional<String> exchange(boolean ended) {
    try {
      signs.say(own(ended));
      Optional<String> failure = signs.failure();
      hear(signs.of(next));
      return failure;
    } catch (RuntimeException e) {
      synchronized (this) {
        refusals++;
      }
      return Optional.empty();
    }
  }

  private synchronized void hear(Optional<String> sign) {
    answered = clock.getAsLong();
    refusals = 0;
    if (sign.isPresent() && !sign.get().equals(neighbour)) {
      neighbour = sign.get();
      heard = answered;
    }
  }

  /**
   * Who has been silent for too long.
   *
   * @param nanos that a replica may be silent
   * @param waiting whether this replica waits for others
   */
  synchronized Optional<String> missing(long nanos, boolean waiting) {
    long unanswered = clock.getAsLong() - answered;
    if (waiting && (unanswered > nanos || refusals >= REFUSALS)) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "rank 0, where the group met, has not answered for %.1f s",
              unanswered / 1e9));
    }
    // What the store does not say, the neighbour is not to blame for.
    long silent = answered - heard;
    return alone || neighbour.equals(ENDED) || silent <= nanos
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT, "rank %d has not been heard of for %.1f s", next, silent / 1e9));
  }

  /** What a replica was about when it last said so; empty if it never did. */
  Optional<String> seen(int rank) {
    return signs.of(rank).map(RingOfSigns::told);
  }

  private static String told(String sign) {
    String[] parts = sign.split(" ", 3);
    if (parts.length < 3) {
      return "had come to its end";
    }
    double ago = (System.currentTimeMillis() - Long.parseLong(parts[1])) / 1e3;
    return String.format(Locale.ROOT, "was at %s %.0f s ago", parts[2], ago);
  }
}
