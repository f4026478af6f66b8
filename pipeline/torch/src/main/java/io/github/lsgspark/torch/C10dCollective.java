package io.github.lsgspark.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.bytedeco.pytorch.Tensor;

/**
 * Sums by a group of PyTorch's c10d, or another transport. Every wait ends: by the group's own time
 * limit, or by the watchdog.
 */
final class C10dCollective implements Collective {
  private static final long SPIN_NANOS = 50_000;
  private static final long LOOK_NANOS = 50_000;
  private static final int ASK_SECONDS = 2;

  private final ExchangeGroup group;
  private final CollectiveWatchdog watchdog;
  private final Runnable meeting;
  private final int rank;
  private final int worldSize;
  private long waited;
  private LostPeerException lost;

  /**
   * @param group closed with this
   * @param watchdog of the group, which looks already; closed with this
   * @param meeting closes where the group met
   */
  C10dCollective(
      ExchangeGroup group, CollectiveWatchdog watchdog, Runnable meeting, int rank, int worldSize) {
    this.group = group;
    this.watchdog = watchdog;
    this.meeting = meeting;
    this.rank = rank;
    this.worldSize = worldSize;
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int worldSize() {
    return worldSize;
  }

  /** Asks the group for something. */
  private interface Asked {
    ExchangeGroup.Sum of(ExchangeGroup group);
  }

  @Override
  public Pending startAllReduceSum(Tensor tensor, String what) {
    return start(asked -> asked.allReduce(tensor), what);
  }

  private Pending start(Asked asked, String what) {
    long start = System.nanoTime();
    requireWhole(what, start);
    PendingSum operation = watchdog.begin(what);
    try {
      ExchangeGroup.Sum sum = asked.of(group);
      watchdog.begun(operation, sum);
      return () -> order(operation, sum, what);
    } catch (RuntimeException e) {
      watchdog.dropped(operation);
      throw lost(what, System.nanoTime() - start, e);
    }
  }

  private void order(PendingSum operation, ExchangeGroup.Sum sum, String what) {
    long start = System.nanoTime();
    try {
      sum.order();
      watchdog.ordered(operation);
    } catch (RuntimeException e) {
      watchdog.dropped(operation);
      throw lost(what, System.nanoTime() - start, e);
    } finally {
      waited += System.nanoTime() - start;
    }
  }

  @Override
  public void settle(String what) {
    long start = System.nanoTime();
    try {
      while (!watchdog.idle()) {
        requireWhole(what, start);
        if (Thread.currentThread().isInterrupted()) {
          throw lost(what, System.nanoTime() - start, new IllegalStateException("interrupted"));
        }
        if (System.nanoTime() - start < SPIN_NANOS) {
          Thread.onSpinWait();
        } else {
          LockSupport.parkNanos(LOOK_NANOS);
        }
      }
      // A sum that the watchdog ended has ended, too, and is none.
      requireWhole(what, start);
    } finally {
      waited += System.nanoTime() - start;
    }
  }

  private void requireWhole(String what, long start) {
    Optional<String> verdict = watchdog.verdict();
    if (verdict.isPresent()) {
      throw lost(what, System.nanoTime() - start, new IllegalStateException(verdict.get()));
    }
  }

  @Override
  public void barrier(String what) {
    start(ExchangeGroup::barrier, what).await();
    settle(what);
  }

  @Override
  public void at(String place) {
    watchdog.at(place);
  }

  private LostPeerException lost(String what, long nanos, RuntimeException cause) {
    lost =
        new LostPeerException(
            String.format(
                Locale.ROOT,
                "rank %d of %d waited %.1f s for %s: %s; %s",
                rank,
                worldSize,
                nanos / 1e9,
                what,
                watchdog.verdict().orElse(firstLine(cause)),
                lastSeen()),
            cause);
    return lost;
  }

  /** Where the other replicas were when they last said so; a store that is gone does not answer. */
  private String lastSeen() {
    CompletableFuture<String> answer = new CompletableFuture<>();
    Thread asking =
        new Thread(
            () -> {
              try {
                answer.complete(others());
              } catch (RuntimeException e) {
                answer.completeExceptionally(e);
              }
            },
            "lsg-collective-last-seen");
    asking.setDaemon(true);
    asking.start();
    try {
      return answer.get(ASK_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      return "rank 0, where the group met, does not answer";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  private String others() {
    List<String> seen = new ArrayList<>();
    for (int other = 0; other < worldSize; other++) {
      if (other != rank) {
        String name = "rank " + other + " ";
        watchdog.seen(other).ifPresent(said -> seen.add(name + said));
      }
    }
    return seen.isEmpty() ? "no other rank has said where it is" : String.join(", ", seen);
  }

  /** What libtorch says, without its stack. */
  static String firstLine(Exception failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("").strip();
  }

  @Override
  public long waitedNanos() {
    return waited;
  }

  @Override
  public Optional<LostPeerException> lost() {
    return Optional.ofNullable(lost);
  }

  @Override
  public void abort() {
    watchdog.fail("rank " + rank + " failed");
  }

  @Override
  public void close() {
    if (watchdog.end()) {
      group.close();
      meeting.run();
    }
  }
}
