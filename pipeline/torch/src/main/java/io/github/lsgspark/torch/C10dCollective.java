package io.github.lsgspark.torch;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.ByteVector;
import org.bytedeco.pytorch.StringVector;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;

/**
 * A process group of PyTorch's c10d. Every wait ends by the timeout that the group was made with.
 */
final class C10dCollective implements Collective {
  private static final long ANNOUNCE_EVERY_NANOS = 1_000_000_000L;

  private final TCPStore store;
  private final Forwarder passage;
  private final Backend group;
  private final int rank;
  private final int worldSize;
  private long announced = System.nanoTime() - ANNOUNCE_EVERY_NANOS;
  private long waited;
  private LostPeerException lost;

  /**
   * @param passage between this replica and the store
   */
  C10dCollective(TCPStore store, Forwarder passage, Backend group, int rank, int worldSize) {
    this.store = store;
    this.passage = passage;
    this.group = group;
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

  @Override
  public Pending startAllReduceSum(Tensor tensor, String what) {
    long start = System.nanoTime();
    try {
      return new Waiting(group.allreduce(new TensorVector(tensor)), what);
    } catch (RuntimeException e) {
      throw lost(what, System.nanoTime() - start, e);
    }
  }

  @Override
  public void barrier(String what) {
    try (PointerScope scope = new PointerScope()) {
      new Waiting(group.barrier(), what).await();
    }
  }

  private final class Waiting implements Pending {
    private final Work work;
    private final String what;

    Waiting(Work work, String what) {
      this.work = work;
      this.what = what;
    }

    @Override
    public void await() {
      long start = System.nanoTime();
      try {
        work._wait();
      } catch (RuntimeException e) {
        throw lost(what, System.nanoTime() - start, e);
      } finally {
        waited += System.nanoTime() - start;
      }
    }
  }

  @Override
  public void at(String place) {
    long now = System.nanoTime();
    if (now - announced < ANNOUNCE_EVERY_NANOS) {
      return;
    }
    announced = now;
    try (PointerScope scope = new PointerScope()) {
      String text = System.currentTimeMillis() + " " + place;
      store.set("at/" + rank, new ByteVector(text.getBytes(StandardCharsets.UTF_8)));
    } catch (RuntimeException e) {
      // The next sum tells what is wrong.
      announced = now;
    }
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
                firstLine(cause),
                lastSeen()),
            cause);
    return lost;
  }

  /** Where the other replicas were when they last said so. */
  private String lastSeen() {
    List<String> seen = new ArrayList<>();
    try (PointerScope scope = new PointerScope()) {
      for (int other = 0; other < worldSize; other++) {
        String key = "at/" + other;
        if (other != rank && store.check(new StringVector(key))) {
          String[] said = new String(store.get(key).get(), StandardCharsets.UTF_8).split(" ", 2);
          double ago = (System.currentTimeMillis() - Long.parseLong(said[0])) / 1e3;
          seen.add(String.format(Locale.ROOT, "rank %d was at %s %.0f s ago", other, said[1], ago));
        }
      }
    } catch (RuntimeException e) {
      return "rank 0, where the group met, does not answer";
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
    group.abort();
  }

  @Override
  public void close() {
    group.close();
    store.close();
    passage.close();
  }
}
