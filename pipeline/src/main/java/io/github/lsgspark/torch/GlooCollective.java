package io.github.lsgspark.torch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.time.Duration;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;
import org.bytedeco.pytorch.global.torch_gloo;

/**
 * PyTorch's Gloo process group between CPU replicas, in one JVM or many. Replicas meet at a TCP
 * store that rank 0 serves. Every wait has a timeout, so a lost replica is an error and not a hang.
 */
public final class GlooCollective implements Collective {
  private static final int PORT_TRIES = 5;

  private final TCPStore store;
  private final ProcessGroupGloo group;
  private final int rank;
  private final int worldSize;

  private GlooCollective(TCPStore store, ProcessGroupGloo group, int rank, int worldSize) {
    this.store = store;
    this.group = group;
    this.rank = rank;
    this.worldSize = worldSize;
  }

  /** The meeting point that rank 0 opens before the others know of it. */
  public static final class Rendezvous implements AutoCloseable {
    private final TCPStore store;
    private final int port;

    private Rendezvous(TCPStore store, int port) {
      this.store = store;
      this.port = port;
    }

    /** The port that the operating system gave. */
    public int port() {
      return port;
    }

    /** Becomes rank 0 of the group. */
    public GlooCollective join(String ownHost, int worldSize, Duration timeout) {
      return connect(store, ownHost, 0, worldSize, timeout);
    }

    @Override
    public void close() {
      store.close();
    }
  }

  /** Opens the meeting point on this host at any free port. */
  public static Rendezvous open(String host, Duration timeout) {
    NativeTorch.load();
    Loader.load(torch_gloo.class);
    RuntimeException last = null;
    for (int attempt = 0; attempt < PORT_TRIES; attempt++) {
      int port = freePort();
      try {
        return new Rendezvous(store(host, port, true, timeout), port);
      } catch (RuntimeException e) {
        last = e;
      }
    }
    throw new IllegalStateException("no port could be opened on " + host, last);
  }

  /** A port that was free a moment ago: the store cannot tell which one it was given. */
  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port", e);
    }
  }

  /**
   * Joins a group as a rank above 0.
   *
   * @param host and port of rank 0's meeting point
   * @param ownHost address at which the other replicas reach this one
   */
  public static GlooCollective join(
      String host, int port, String ownHost, int rank, int worldSize, Duration timeout) {
    NativeTorch.load();
    Loader.load(torch_gloo.class);
    return connect(store(host, port, false, timeout), ownHost, rank, worldSize, timeout);
  }

  private static TCPStore store(String host, int port, boolean server, Duration timeout) {
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

  private static GlooCollective connect(
      TCPStore store, String ownHost, int rank, int worldSize, Duration timeout) {
    try (PointerScope scope = new PointerScope()) {
      ProcessGroupGloo.Options options =
          ProcessGroupGloo.Options.create(new Milliseconds(timeout.toMillis()));
      options.devices().push_back(ProcessGroupGloo.createDeviceForHostname(ownHost));
      ProcessGroupGloo group = new ProcessGroupGloo(store, rank, worldSize, options);
      group.retainReference();
      scope.detach(group);
      return new GlooCollective(store, group, rank, worldSize);
    }
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
  public void allReduceSum(Tensor tensor) {
    try (PointerScope scope = new PointerScope()) {
      Tensor onCpu = tensor.is_cuda() ? tensor.cpu() : tensor;
      Work work = group.allreduce(new TensorVector(onCpu));
      work._wait();
      if (tensor.is_cuda()) {
        tensor.copy_(onCpu);
      }
    }
  }

  @Override
  public void barrier() {
    try (PointerScope scope = new PointerScope()) {
      group.barrier()._wait();
    }
  }

  @Override
  public void close() {
    group.close();
    store.close();
  }
}
