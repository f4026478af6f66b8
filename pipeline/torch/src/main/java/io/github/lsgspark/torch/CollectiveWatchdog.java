package io.github.lsgspark.torch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that no replica waits for ever: it ends the group when another replica has failed or
 * has not been heard of for the time allowed, when a sum takes longer than that, or when the
 * transport says that it is broken. NCCL does none of this by itself without ending the process.
 *
 * <p>Replicas watch each other in a ring: each says once a second where it is, and looks at the
 * next one. The first that misses its neighbour says so to all. What a look costs does not grow
 * with the number of replicas.
 */
final class CollectiveWatchdog {
  private static final Logger LOG = LoggerFactory.getLogger(CollectiveWatchdog.class);

  /** Said last by a replica that has come to its end: it is not missed. */
  private static final String ENDED = "ended";

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
  private static final int LOOKS_IN_TIME = 4;
  private static final long CLOSE_MILLIS = 2000;

  /** Looks in a row at which the store fails, before rank 0 counts as gone. */
  private static final int REFUSALS = 3;

  private final ExchangeGroup group;
  private final PeerSigns signs;
  private final int rank;
  private final int worldSize;
  private final Limits limits;
  private final LongSupplier clock;
  private final Runnable lastResort;

  private final Deque<Operation> outstanding = new ArrayDeque<>();
  private final Thread speaker = thread("signs", this::speak);
  private final Thread judge = thread("watchdog", this::watch);
  private final List<Thread> ending = new ArrayList<>();
  private String place = "the start";
  private long placed = System.currentTimeMillis();
  private long beats;
  private String neighbour = "";
  private long heard;
  private long answered;
  private int refusals;
  private String verdict;
  private long concluded;
  private boolean resorted;
  private boolean closing;

  /**
   * Times after which a group is ended.
   *
   * @param silence of another replica
   * @param operation of a sum
   * @param grace for the replica's own thread to come out of native code, then the process is ended
   */
  record Limits(Duration silence, Duration operation, Duration grace) {
    /** All by one time. */
    static Limits of(Duration timeout) {
      return new Limits(timeout, timeout, timeout);
    }
  }

  /** A sum that was begun. */
  static final class Operation {
    private final String what;
    private final long begun;
    private ExchangeGroup.Sum sum;

    private Operation(String what, long begun) {
      this.what = what;
      this.begun = begun;
    }

    private boolean ended() {
      return sum != null && sum.ended();
    }
  }

  /**
   * @param signs closed with this
   * @param clock nanoseconds, for tests
   * @param lastResort ends this process, where its thread hangs in native code
   */
  CollectiveWatchdog(
      ExchangeGroup group,
      PeerSigns signs,
      int rank,
      int worldSize,
      Limits limits,
      LongSupplier clock,
      Runnable lastResort) {
    this.group = group;
    this.signs = signs;
    this.rank = rank;
    this.worldSize = worldSize;
    this.limits = limits;
    this.clock = clock;
    this.lastResort = lastResort;
    this.heard = clock.getAsLong();
    this.answered = heard;
  }

  /** Looks from now on, by threads of its own. */
  CollectiveWatchdog start() {
    speaker.start();
    judge.start();
    return this;
  }

  /** Where this replica is, for the others. */
  synchronized void at(String where) {
    place = where;
    placed = System.currentTimeMillis();
  }

  /** Told before the transport is asked for a sum: asking may hang, too. */
  synchronized Operation begin(String what) {
    Operation operation = new Operation(what, clock.getAsLong());
    outstanding.add(operation);
    return operation;
  }

  /** Told when the transport has taken the sum up. */
  synchronized void begun(Operation operation, ExchangeGroup.Sum sum) {
    operation.sum = sum;
  }

  /** Told when the replica has given the sum up. */
  synchronized void dropped(Operation operation) {
    if (outstanding.remove(operation) && operation.sum != null) {
      operation.sum.close();
    }
  }

  /** Whether all that was begun has ended. */
  synchronized boolean idle() {
    while (!outstanding.isEmpty() && outstanding.peek().ended()) {
      outstanding.remove().sum.close();
    }
    return outstanding.isEmpty();
  }

  /** Why the group is of no use any more; empty while it is. */
  synchronized Optional<String> verdict() {
    return Optional.ofNullable(verdict);
  }

  /** Says that this replica has failed: the others need not wait. */
  void fail(String reason) {
    conclude(reason);
  }

  /** What a replica was about when it last said so; empty if it never did. */
  Optional<String> seen(int other) {
    return signs.of(other).map(CollectiveWatchdog::told);
  }

  private static String told(String sign) {
    String[] parts = sign.split(" ", 3);
    if (parts.length < 3) {
      return "had come to its end";
    }
    double ago = (System.currentTimeMillis() - Long.parseLong(parts[1])) / 1e3;
    return String.format(Locale.ROOT, "was at %s %.0f s ago", parts[2], ago);
  }

  private void speak() {
    boolean last = false;
    while (!last) {
      pause();
      synchronized (this) {
        last = closing;
      }
      exchangeSigns();
    }
  }

  private void watch() {
    while (true) {
      pause();
      synchronized (this) {
        if (closing) {
          return;
        }
      }
      look();
    }
  }

  private void pause() {
    long millis = limits.silence().dividedBy(LOOKS_IN_TIME).toMillis();
    synchronized (this) {
      if (!closing) {
        try {
          wait(Math.max(1, Math.min(millis, LONGEST_PAUSE.toMillis())));
        } catch (InterruptedException e) {
          closing = true;
        }
      }
    }
  }

  /** Says where this replica is, and hears where its neighbour is. May hang with the store. */
  void exchangeSigns() {
    String own;
    synchronized (this) {
      beats++;
      own = closing && verdict == null ? ENDED : beats + " " + placed + " " + place;
    }
    try {
      signs.say(own);
      Optional<String> failure = signs.failure();
      Optional<String> next = signs.of((rank + 1) % worldSize);
      synchronized (this) {
        answered = clock.getAsLong();
        refusals = 0;
        if (next.isPresent() && !next.get().equals(neighbour)) {
          neighbour = next.get();
          heard = answered;
        }
      }
      failure.ifPresent(this::conclude);
    } catch (RuntimeException e) {
      synchronized (this) {
        refusals++;
      }
    }
  }

  /** One look at what is under way. */
  void look() {
    String reason;
    synchronized (this) {
      boolean waiting = !idle();
      long now = clock.getAsLong();
      if (verdict != null) {
        if (waiting && !resorted && now - concluded > limits.grace().toNanos()) {
          resorted = true;
          lastResort.run();
        }
        return;
      }
      reason = reason(now, waiting);
    }
    if (reason != null) {
      conclude(reason);
    }
  }

  /**
   * @return null if nothing is wrong
   */
  private String reason(long now, boolean waiting) {
    Optional<String> error = group.error();
    if (error.isPresent()) {
      return error.get();
    }
    long silence = limits.silence().toNanos();
    if (waiting && (now - answered > silence || refusals >= REFUSALS)) {
      return String.format(
          Locale.ROOT,
          "rank 0, where the group met, has not answered for %.1f s",
          (now - answered) / 1e9);
    }
    // What the store does not say, the neighbour is not to blame for.
    if (worldSize > 1 && !neighbour.equals(ENDED) && answered - heard > silence) {
      return String.format(
          Locale.ROOT,
          "rank %d has not been heard of for %.1f s",
          (rank + 1) % worldSize,
          (answered - heard) / 1e9);
    }
    Operation oldest = outstanding.peek();
    if (waiting && now - oldest.begun > limits.operation().toNanos()) {
      return String.format(
          Locale.ROOT,
          "rank %d had waited %.1f s for %s",
          rank,
          (now - oldest.begun) / 1e9,
          oldest.what);
    }
    return null;
  }

  /** Ends the group, once. Neither the transport nor the store may hold this thread up. */
  private void conclude(String reason) {
    synchronized (this) {
      if (verdict != null) {
        return;
      }
      verdict = reason;
      concluded = clock.getAsLong();
      if (closing) {
        return;
      }
      ending.add(thread("end", group::abort));
      ending.add(thread("failure", () -> tell(reason)));
      ending.forEach(Thread::start);
    }
  }

  private void tell(String reason) {
    try {
      signs.fail(reason);
    } catch (RuntimeException e) {
      LOG.debug("the others could not be told that the group has failed", e);
    }
  }

  private static Thread thread(String role, Runnable work) {
    Thread thread = new Thread(work, "lsg-collective-" + role);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Says that this replica has come to its end, and closes the signs.
   *
   * @return whether nothing uses the group any more; what a thread hangs in must stay open
   */
  boolean end() {
    synchronized (this) {
      closing = true;
      notifyAll();
    }
    boolean free = joined(List.of(speaker, judge));
    List<Thread> left;
    synchronized (this) {
      left = List.copyOf(ending);
    }
    if (!free || !joined(left)) {
      return false;
    }
    synchronized (this) {
      outstanding.stream()
          .map(operation -> operation.sum)
          .filter(Objects::nonNull)
          .forEach(ExchangeGroup.Sum::close);
      outstanding.clear();
    }
    signs.close();
    return true;
  }

  private static boolean joined(List<Thread> threads) {
    boolean all = true;
    for (Thread thread : threads) {
      try {
        thread.join(CLOSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      all &= !thread.isAlive();
    }
    return all;
  }
}
