package io.github.lsgspark.torch;

import io.github.lsgspark.config.ExchangeSettings.Backend;
import io.github.lsgspark.config.LsgException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.IntOptional;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;
import org.bytedeco.pytorch.global.torch_gloo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where replicas meet: a TCP store that rank 0 serves, behind a {@link StoreGate} at a port the
 * operating system gives. From there they form a process group of PyTorch's c10d: NCCL between
 * GPUs, Gloo between CPUs.
 */
public final class Rendezvous {
  private static final Logger LOG = LoggerFactory.getLogger(Rendezvous.class);
  private static final AtomicBoolean GLOO = new AtomicBoolean();

  /** So long after the watchdog NCCL's own time limit comes. */
  private static final Duration BEYOND_WATCHDOG = Duration.ofSeconds(60);

  /** So long after Gloo's own time limit the watchdog comes. */
  private static final Duration BEYOND_GLOO = Duration.ofSeconds(10);

  /** The exit code of a process that hangs. */
  private static final int HANGS = 70;

  private final TCPStore store;
  private final int port;
  private final String address;
  private final Forwarder passage;
  private final Duration timeout;

  /**
   * @param port on the loopback address, at which the store is reached from here
   */
  private Rendezvous(
      TCPStore store, int port, String address, Forwarder passage, Duration timeout) {
    this.store = store;
    this.port = port;
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
      return new Rendezvous(
          store(socket.port(), socket, timeout), socket.port(), address, gate, timeout);
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
      return new Rendezvous(
          store(tunnel.port(), null, timeout), tunnel.port(), address, tunnel, timeout);
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
   * Becomes one rank of the group; returns when all have come, where the backend waits for them.
   *
   * @param ownHost address at which the other replicas reach this one
   * @param backend what carries sums; auto: NCCL between GPUs, Gloo between processors
   * @throws LostPeerException if not all come in time
   * @throws LsgException exit 4 if NCCL is to be used, but the replica has no GPU, or this libtorch
   *     no NCCL
   */
  public Collective join(
      String ownHost, int rank, int worldSize, ComputeDevice device, Backend backend) {
    long start = System.nanoTime();
    boolean nccl = backend == Backend.NCCL || (backend == Backend.AUTO && device.isCuda());
    if (nccl && !device.isCuda()) {
      throw LsgException.environment(
          "train.exchange.backend = nccl, but rank " + rank + " computes on the CPU", null);
    }
    StoreSigns signs = null;
    try {
      // Before the group is there, while rank 0 still lets connections in.
      signs = new StoreSigns(store(port, null, timeout), rank);
      ExchangeGroup group =
          nccl
              ? NcclGroups.join(store, ownHost, rank, worldSize, timeout.plus(BEYOND_WATCHDOG))
              : gloo(ownHost, rank, worldSize, device);
      if (!nccl) {
        // Gloo needs no more connections to the store; NCCL's own threads may.
        passage.stopListening();
      }
      // Gloo's waits end by themselves, and say more about why.
      Duration limit = nccl ? timeout : timeout.plus(BEYOND_GLOO);
      CollectiveWatchdog watchdog =
          new CollectiveWatchdog(
              group,
              signs,
              rank,
              worldSize,
              CollectiveWatchdog.Limits.of(limit),
              System::nanoTime,
              () -> endProcess(rank));
      return new C10dCollective(group, watchdog.start(), this::close, rank, worldSize);
    } catch (RuntimeException e) {
      if (signs != null) {
        signs.close();
      }
      if (e instanceof LsgException) {
        throw e;
      }
      throw new LostPeerException(
          String.format(
              "rank %d of %d waited %.1f s for all ranks to join the group: %s",
              rank, worldSize, (System.nanoTime() - start) / 1e9, C10dCollective.firstLine(e)),
          e);
    }
  }

  /** Spark takes the executor for lost, and the training goes on without it. */
  private static void endProcess(int rank) {
    LOG.error(
        "rank {} hangs in native code although its group was ended: this process is ended with it",
        rank);
    Runtime.getRuntime().halt(HANGS);
  }

  private ExchangeGroup gloo(String ownHost, int rank, int worldSize, ComputeDevice device) {
    try (PointerScope scope = new PointerScope()) {
      ProcessGroupGloo.Options options =
          ProcessGroupGloo.Options.create(new Milliseconds(timeout.toMillis()));
      options.devices().push_back(ProcessGroupGloo.createDeviceForHostname(ownHost));
      ProcessGroupGloo gloo = new ProcessGroupGloo(store, rank, worldSize, options);
      gloo.retainReference();
      scope.detach(gloo);
      ExchangeGroup group = new BackendGroup(gloo, false, Optional::empty);
      return device.isCuda() ? new HostStagedGroup(group) : group;
    }
  }

  private void close() {
    store.close();
    passage.close();
  }
}
