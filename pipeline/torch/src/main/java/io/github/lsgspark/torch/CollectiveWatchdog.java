package io.github.lsgspark.torch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that no replica waits for ever: it ends the group when another replica has failed or
 * has not been heard of for the time allowed, when a sum takes longer than that, or when the
 * transport says that it is broken. NCCL does none of this by itself without ending the process.
 *
 * <p>Once a second it looks at its neighbour in the {@link RingOfSigns}. The first that misses its
 * neighbour says so to all.
 */
final class CollectiveWatchdog {
  private static final Logger LOG = LoggerFactory.getLogger(CollectiveWatchdog.class);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
  private static final int LOOKS_IN_TIME = 4;
  private static final long CLOSE_MILLIS = 2000;

  private final ExchangeGroup group;
  private final PeerSigns signs;
  private final RingOfSigns ring;
  private final int rank;
  private final Limits limits;
  private final LongSupplier clock;
  private final Runnable lastResort;

  private final Deque<PendingSum> outstanding = new ArrayDeque<>();
  private final Thread speaker = thread("signs", this::speak);
  private final Thread judge = thread("watchdog", this::watch);
  private final List<Thread> ending = new ArrayList<>();
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
    this.ring = new RingOfSigns(signs, rank, worldSize, clock);
    this.limits = limits;
    this.clock = clock;
    this.lastResort = lastResort;
  }

  /** Looks from now on, by threads of its own. */
  CollectiveWatchdog start() {
    speaker.start();
    judge.start();
    return this;
  }

  /** Where this replica is, for the others. */
  void at(String where) {
    ring.at(where);
  }

  /** Told before the transport is asked for a sum: asking may hang, too. */
  synchronized PendingSum begin(String what) {
    PendingSum operation = new PendingSum(what, clock.getAsLong());
    outstanding.add(operation);
    return operation;
  }

  /** Told when the transport has taken the sum up. */
  synchronized void begun(PendingSum operation, ExchangeGroup.Sum sum) {
    operation.takenUp(sum);
  }

  /** Told when the replica has given the sum up. */
  synchronized void dropped(PendingSum operation) {
    if (outstanding.remove(operation)) {
      operation.close();
    }
  }

  /** Told when the replica's thread has waited for the sum, or has put it in the device's order. */
  synchronized void ordered(PendingSum operation) {
    operation.ordered();
  }

  /** Whether all that was begun has ended. */
  synchronized boolean idle() {
    outstanding.removeIf(
        operation -> {
          boolean over = operation.over();
          if (over) {
            operation.close();
          }
          return over;
        });
    return oldest().isEmpty();
  }

  private Optional<PendingSum> oldest() {
    return outstanding.stream().filter(operation -> !operation.ended()).findFirst();
  }

  /** Why the group is of no use any more; empty while it is. */
  synchronized Optional<String> verdict() {
    return Optional.ofNullable(verdict);
  }

  /** What a replica was about when it last said so; empty if it never did. */
  Optional<String> seen(int other) {
    return ring.seen(other);
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

  /** Says where this replica is, and hears of the others. May hang with the store. */
  void exchangeSigns() {
    boolean ended;
    synchronized (this) {
      ended = closing && verdict == null;
    }
    ring.exchange(ended).ifPresent(this::fail);
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
      fail(reason);
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
    Optional<String> missing = ring.missing(limits.silence().toNanos(), waiting);
    if (missing.isPresent()) {
      return missing.get();
    }
    return oldest()
        .filter(sum -> now - sum.begun() > limits.operation().toNanos())
        .map(sum -> sum.waited(rank, now))
        .orElse(null);
  }

  /**
   * Ends the group, once, and tells the others. Neither the transport nor the store may hold this
   * thread up.
   */
  void fail(String reason) {
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
      outstanding.forEach(PendingSum::close);
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
