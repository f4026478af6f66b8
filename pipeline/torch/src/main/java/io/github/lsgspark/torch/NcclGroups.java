package io.github.lsgspark.torch;

import io.github.lsgspark.config.LsgException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ErrorType;
import org.bytedeco.pytorch.global.torch_nccl;
import org.bytedeco.pytorch.nccl.ProcessGroupNCCL;

/**
 * Groups of NCCL. What NCCL reads from the environment is set as this program needs it, but for
 * what the site has set itself.
 */
final class NcclGroups {
  /** Which of the host's interfaces NCCL listens at. */
  static final String INTERFACE = "NCCL_SOCKET_IFNAME";

  /** What PyTorch's own watchdog does about a sum that fails. */
  static final String ON_ERROR = "TORCH_NCCL_ASYNC_ERROR_HANDLING";

  /** Ends the communicator, and not the process, which other tasks use, too. */
  private static final String CLEAN_UP_ONLY = "2";

  private NcclGroups() {}

  /**
   * @param ownHost address of the interface to listen at
   * @param timeout of NCCL's own
   * @throws LsgException exit 4 without NCCL
   */
  static ExchangeGroup join(
      TCPStore store, String ownHost, int rank, int worldSize, Duration timeout) {
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
    prepare(ownHost);
    try (PointerScope scope = new PointerScope()) {
      ProcessGroupNCCL group = new ProcessGroupNCCL(store, rank, worldSize);
      group.setTimeout(new Milliseconds(timeout.toMillis()));
      group.retainReference();
      scope.detach(group);
      return new BackendGroup(group, true, () -> error(group));
    }
  }

  private static Optional<String> error(ProcessGroupNCCL group) {
    ErrorType error = group.getError().intern();
    return error == ErrorType.SUCCESS
        ? Optional.empty()
        : Optional.of("NCCL says " + error.name().replace('_', ' '));
  }

  /** Sets what is not set. */
  static void prepare(String ownHost) {
    torch.set_env(ON_ERROR, CLEAN_UP_ONLY, false);
    networkInterface(ownHost).ifPresent(name -> torch.set_env(INTERFACE, "=" + name, false));
  }

  /** The interface that has an address of this host. */
  static Optional<String> networkInterface(String address) {
    try {
      return Optional.ofNullable(NetworkInterface.getByInetAddress(InetAddress.getByName(address)))
          .map(NetworkInterface::getName);
    } catch (SocketException | UnknownHostException e) {
      return Optional.empty();
    }
  }
}
