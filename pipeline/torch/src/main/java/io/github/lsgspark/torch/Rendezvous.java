package io.github.lsgspark.torch;

import io.github.lsgspark.config.LsgException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.IntOptional;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;
import org.bytedeco.pytorch.global.torch_gloo;
import org.bytedeco.pytorch.global.torch_nccl;
import org.bytedeco.pytorch.nccl.ProcessGroupNCCL;

/**
 * Where replicas meet: a TCP store that rank 0 serves, behind a {@link StoreGate} at a port the
 * operating system gives. From there they form a process group of PyTorch's c10d: NCCL between
 * GPUs, Gloo between CPUs.
 */
public final class Rendezvous {
  private static final AtomicBoolean GLOO = new AtomicBoolean();

  private final TCPStore store;
  private final String address;
  private final Forwarder passage;
  private final Duration timeout;

  private Rendezvous(TCPStore store, String address, Forwarder passage, Duration timeout) {
    this.store = store;
    this.address = address;
    this.passage = passage;
    this.timeout = timeout;
  }

  /**
   * Opens the meeting point, as rank 0.
   *
   * @param host address at which the other replicas reach this one
   * @param timeout longest wait for anything
   * @throws LsgException exit 4 if nothing can listen there
   */
  public static Rendezvous open(String host, Duration timeout) {
    try {
      LoopbackListener socket = LoopbackListener.open();
      GateKey key = GateKey.random();
      Forwarder gate =
          Forwarder.listen(
              InetAddress.getByName(host),
              "lsg-store-gate",
              new StoreGate(socket.port(), key),
              StoreGate.LIMITS);
      String address = host + " " + gate.port() + " " + key.hex();
      return new Rendezvous(store(socket.port(), socket, timeout), address, gate, timeout);
    } catch (IOException e) {
      throw LsgException.environment(
          "rank 0 cannot listen at " + host + " (cluster.bind-address): " + e.getMessage(), e);
    }
  }

  /**
   * Reaches the meeting point that rank 0 opened.
   *
   * @param address what rank 0's {@link #address} says
   * @throws LostPeerException if it does not answer in time
   */
  public static Rendezvous reach(String address, int rank, Duration timeout) {
    String[] parts = address.split(" ", -1);
    InetSocketAddress gate = new InetSocketAddress(parts[0], Integer.parseInt(parts[1]));
    StoreTunnel way =
        new StoreTunnel(gate, GateKey.of(parts[2]), Math.toIntExact(timeout.toMillis()));
    Forwarder tunnel = null;
    try {
      tunnel = Forwarder.listen(InetAddress.getLoopbackAddress(), "lsg-store-tunnel", way);
      return new Rendezvous(store(tunnel.port(), null, timeout), address, tunnel, timeout);
    } catch (IOException | RuntimeException e) {
      if (tunnel != null) {
        tunnel.close();
      }
      String reason = way.failure().map(IOException::toString).orElse(C10dCollective.firstLine(e));
      throw new LostPeerException(
          "rank " + rank + " could not reach rank 0 at " + gate + ": " + reason, e);
    }
  }

  /**
   * @param own serves the store; null: it is reached
   */
  private static TCPStore store(int port, LoopbackListener own, Duration timeout) {
    NativeTorch.load();
    if (GLOO.compareAndSet(false, true)) {
      Loader.load(torch_gloo.class);
    }
    try (PointerScope scope = new PointerScope()) {
      TCPStoreOptions options = new TCPStoreOptions();
      options.port((short) port).isServer(own != null).waitWorkers(false);
      options.timeout(new Milliseconds(timeout.toMillis()));
      if (own != null) {
        options.masterListenFd(new IntOptional(own.descriptor()));
      }
      TCPStore store = new TCPStore(InetAddress.getLoopbackAddress().getHostAddress(), options);
      store.retainReference();
      scope.detach(store);
      return store;
    }
  }

  /**
   * Where the others find it, and the secret that lets them in: one line, for a channel that only
   * replicas can read.
   */
  public String address() {
    return address;
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
      if (!device.isCuda()) {
        // Gloo needs no more connections to the store; NCCL's own threads may.
        passage.stopListening();
      }
      return new C10dCollective(store, passage, group, rank, worldSize);
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
    } catch (TypeNotPresentException e) {
      throw LsgException.environment(
          "replicas on GPUs need NCCL, for which JavaCPP's classes of CUDA (org.bytedeco:cuda) must"
              + " be on the class path: "
              + e.getMessage(),
          e);
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw LsgException.environment(
          "replicas on GPUs need NCCL, which this libtorch does not have: " + e.getMessage(), e);
    }
    ProcessGroupNCCL group = new ProcessGroupNCCL(store, rank, worldSize);
    group.setTimeout(new Milliseconds(timeout.toMillis()));
    return group;
  }
}
