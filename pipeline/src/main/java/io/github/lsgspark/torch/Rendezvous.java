package io.github.lsgspark.torch;

import io.github.lsgspark.config.LsgException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;
import org.bytedeco.pytorch.global.torch_gloo;
import org.bytedeco.pytorch.global.torch_nccl;
import org.bytedeco.pytorch.nccl.ProcessGroupNCCL;

/**
 * Where replicas meet: a TCP store that rank 0 serves at a port the operating system gives. From
 * there they form a process group of PyTorch's c10d: NCCL between GPUs, Gloo between CPUs.
 */
public final class Rendezvous {
  private static final AtomicBoolean GLOO = new AtomicBoolean();

  private final TCPStore store;
  private final Duration timeout;

  private Rendezvous(TCPStore store, Duration timeout) {
    this.store = store;
    this.timeout = timeout;
  }

  /**
   * Opens the meeting point, as rank 0.
   *
   * @param timeout longest wait for anything
   */
  public static Rendezvous open(String host, Duration timeout) {
    return new Rendezvous(store(host, 0, true, timeout), timeout);
  }

  /**
   * Reaches the meeting point that rank 0 opened.
   *
   * @throws LostPeerException if it does not answer in time
   */
  public static Rendezvous reach(String host, int port, int rank, Duration timeout) {
    try {
      return new Rendezvous(store(host, port, false, timeout), timeout);
    } catch (RuntimeException e) {
      throw new LostPeerException(
          "rank "
              + rank
              + " could not reach rank 0 at "
              + host
              + ":"
              + port
              + ": "
              + C10dCollective.firstLine(e),
          e);
    }
  }

  private static TCPStore store(String host, int port, boolean server, Duration timeout) {
    NativeTorch.load();
    if (GLOO.compareAndSet(false, true)) {
      Loader.load(torch_gloo.class);
    }
    try (PointerScope scope = new PointerScope()) {
      TCPStoreOptions options = new TCPStoreOptions();
      options.port((short) port).isServer(server).waitWorkers(false);
      options.timeout(new Milliseconds(timeout.toMillis()));
      TCPStore store = new TCPStore(host, options);
      store.retainReference();
      scope.detach(store);
      return store;
    }
  }

  /** The port of the meeting point. */
  public int port() {
    return Short.toUnsignedInt(store.getPort());
  }

  /**
   * Becomes one rank of the group; returns when all have come.
   *
   * @param ownHost address at which the other replicas reach this one
   * @throws LostPeerException if not all come in time
   * @throws LsgException exit 4 if the replica has a GPU, but this libtorch no NCCL
   */
  public Collective join(String ownHost, int rank, int worldSize, ComputeDevice device) {
    long start = System.nanoTime();
    try (PointerScope scope = new PointerScope()) {
      Backend group =
          device.isCuda() ? nccl(rank, worldSize) : gloo(ownHost, rank, worldSize, timeout);
      group.retainReference();
      scope.detach(group);
      return new C10dCollective(store, group, rank, worldSize);
    } catch (LsgException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new LostPeerException(
          String.format(
              "rank %d of %d waited %.1f s for all ranks to join the group: %s",
              rank, worldSize, (System.nanoTime() - start) / 1e9, C10dCollective.firstLine(e)),
          e);
    }
  }

  private Backend gloo(String ownHost, int rank, int worldSize, Duration wait) {
    ProcessGroupGloo.Options options =
        ProcessGroupGloo.Options.create(new Milliseconds(wait.toMillis()));
    options.devices().push_back(ProcessGroupGloo.createDeviceForHostname(ownHost));
    return new ProcessGroupGloo(store, rank, worldSize, options);
  }

  private Backend nccl(int rank, int worldSize) {
    try {
      Loader.load(torch_nccl.class);
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw LsgException.environment(
          "replicas on GPUs need NCCL, which this libtorch does not have: " + e.getMessage(), e);
    }
    ProcessGroupNCCL group = new ProcessGroupNCCL(store, rank, worldSize);
    group.setTimeout(new Milliseconds(timeout.toMillis()));
    return group;
  }
}
