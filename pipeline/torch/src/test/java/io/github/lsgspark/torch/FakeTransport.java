package io.github.lsgspark.torch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.bytedeco.pytorch.Tensor;

/**
 * Sums as NCCL takes them, without a card: the host goes on at once, a sum ends when all replicas
 * have begun theirs, and one that is aborted has ended, too, without a result. Signs are a map.
 */
final class FakeTransport {
  private final int worldSize;
  private final List<List<Tensor>> sums = new ArrayList<>();
  private final Map<String, String> said = new HashMap<>();
  private final CountDownLatch abortHangs = new CountDownLatch(1);
  private boolean stuck;
  private boolean storeGone;
  private boolean hanging;
  private String error;

  FakeTransport(int worldSize) {
    this.worldSize = worldSize;
  }

  /** No sum ends any more. */
  synchronized void stick() {
    stuck = true;
  }

  /** The store, at rank 0, answers nothing any more. */
  synchronized void loseStore() {
    storeGone = true;
  }

  /** Ending a group hangs. */
  synchronized void hangOnAbort() {
    hanging = true;
  }

  /** What hung goes on. */
  void release() {
    abortHangs.countDown();
  }

  synchronized void breakWith(String what) {
    error = what;
  }

  ExchangeGroup group() {
    return new Group();
  }

  PeerSigns signs(int rank) {
    return new Signs(rank);
  }

  private synchronized boolean complete(int number) {
    return !stuck && sums.get(number).size() == worldSize;
  }

  private final class Group implements ExchangeGroup {
    private int begun;
    private boolean aborted;

    @Override
    public Sum allReduce(Tensor tensor) {
      synchronized (FakeTransport.this) {
        int number = begun++;
        if (sums.size() == number) {
          sums.add(new ArrayList<>());
        }
        List<Tensor> all = sums.get(number);
        all.add(tensor);
        if (all.size() == worldSize && !stuck) {
          try (Tensor sum = all.get(0).clone()) {
            all.subList(1, worldSize).forEach(other -> sum.add_(other));
            all.forEach(each -> each.copy_(sum));
          }
        }
        return sum(number);
      }
    }

    private Sum sum(int number) {
      return new Sum() {
        private volatile boolean closed;

        @Override
        public void order() {
          if (closed) {
            throw new AssertionError("freed before it was waited for");
          }
        }

        @Override
        public boolean ended() {
          synchronized (FakeTransport.this) {
            return aborted || complete(number);
          }
        }

        @Override
        public void close() {
          closed = true;
        }
      };
    }

    @Override
    public Sum barrier() {
      return allReduce(Tensors.of(new float[] {0}, 1));
    }

    @Override
    public Optional<String> error() {
      synchronized (FakeTransport.this) {
        return Optional.ofNullable(error);
      }
    }

    @Override
    public void abort() {
      boolean hang;
      synchronized (FakeTransport.this) {
        hang = hanging;
      }
      if (hang) {
        try {
          abortHangs.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      synchronized (FakeTransport.this) {
        aborted = !hang;
      }
    }

    @Override
    public void close() {}
  }

  private final class Signs implements PeerSigns {
    private final int rank;

    Signs(int rank) {
      this.rank = rank;
    }

    private void requireStore() {
      if (storeGone) {
        throw new IllegalStateException("the connection was closed");
      }
    }

    @Override
    public void say(String text) {
      synchronized (FakeTransport.this) {
        requireStore();
        said.put("" + rank, text);
      }
    }

    @Override
    public Optional<String> of(int other) {
      synchronized (FakeTransport.this) {
        requireStore();
        return Optional.ofNullable(said.get("" + other));
      }
    }

    @Override
    public void fail(String reason) {
      synchronized (FakeTransport.this) {
        requireStore();
        said.putIfAbsent("failed", reason);
      }
    }

    @Override
    public Optional<String> failure() {
      synchronized (FakeTransport.this) {
        requireStore();
        return Optional.ofNullable(said.get("failed"));
      }
    }

    @Override
    public void close() {}
  }
}
