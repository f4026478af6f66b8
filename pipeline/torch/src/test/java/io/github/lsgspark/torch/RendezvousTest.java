package io.github.lsgspark.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Only replicas of the same training come to rank 0's store. */
class RendezvousTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private static int gatePort(Rendezvous meeting) {
    return Integer.parseInt(meeting.address().split(" ")[1]);
  }

  @Test
  void replicasThatKnowTheSecretMeet() throws Exception {
    List<Float> sums =
        TwoRanks.run(
            collective -> {
              try (Tensor own = Tensors.of(new float[] {collective.rank() + 1f}, 1)) {
                collective.allReduceSum(own, "a test");
                return Tensors.floats(own)[0];
              }
            });
    assertThat(sums).containsExactly(3f, 3f);
  }

  @Test
  void aReplicaWithAnotherSecretIsRefused() {
    Rendezvous meeting = Rendezvous.open("127.0.0.1", TIMEOUT);
    String stranger = "127.0.0.1 " + gatePort(meeting) + " " + GateKey.random().hex();
    assertThatThrownBy(() -> Rendezvous.reach(stranger, 1, TIMEOUT))
        .isInstanceOf(LostPeerException.class)
        .hasMessageStartingWith("rank 1 could not reach rank 0 at /127.0.0.1:" + gatePort(meeting));
  }

  @Test
  void wordsThatAreNoProofGetNothing() throws Exception {
    Rendezvous meeting = Rendezvous.open("127.0.0.1", TIMEOUT);
    try (Socket socket = new Socket("127.0.0.1", gatePort(meeting))) {
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write(new byte[GateKey.NONCE_BYTES + GateKey.PROOF_BYTES]);
      InputStream in = socket.getInputStream();
      assertThat(in.readNBytes(GateKey.NONCE_BYTES)).hasSize(GateKey.NONCE_BYTES);
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  /** A server that took rank 0's place is found out before anything is said to it. */
  @Test
  void anImpostorOfRankZeroIsFoundOut() throws Exception {
    try (Forwarder impostor =
        Forwarder.listen(
            InetAddress.getLoopbackAddress(),
            "impostor",
            incoming -> {
              incoming.getInputStream().readNBytes(GateKey.NONCE_BYTES);
              incoming.getOutputStream().write(GateKey.nonce());
              incoming.getInputStream().readNBytes(GateKey.PROOF_BYTES);
              incoming.getOutputStream().write(GateKey.nonce());
              throw new IOException("enough");
            })) {
      String address = "127.0.0.1 " + impostor.port() + " " + GateKey.random().hex();
      assertThatThrownBy(() -> Rendezvous.reach(address, 1, TIMEOUT))
          .isInstanceOf(LostPeerException.class)
          .hasMessageContaining("what answers there is not rank 0 of this training");
    }
  }

  /**
   * The kernel shows two sockets, store and gate, both on 127.0.0.1 although nobody asked the
   * store.
   */
  @Test
  @EnabledOnOs(OS.LINUX)
  void theStoreListensOnTheLoopbackAddressOnly() throws Exception {
    List<String> before = listening();
    Rendezvous meeting = Rendezvous.open("127.0.0.1", TIMEOUT);
    List<String> opened = listening();
    opened.removeAll(before);
    assertThat(meeting.address()).startsWith("127.0.0.1 ");
    assertThat(opened).hasSize(2).allMatch(address -> address.contains("0100007F:"));
  }

  /** Addresses that this process listens on, as the kernel writes them. */
  private static List<String> listening() throws Exception {
    Set<String> own = new HashSet<>();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors.toList()) {
        if (Files.exists(descriptor, LinkOption.NOFOLLOW_LINKS)) {
          own.add(Files.readSymbolicLink(descriptor).toString());
        }
      }
    }
    List<String> found = new ArrayList<>();
    for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
      for (String line : Files.readAllLines(Path.of(table))) {
        String[] columns = line.strip().split("\\s+");
        if (columns[3].equals("0A") && own.contains("socket:[" + columns[9] + "]")) {
          found.add(columns[1]);
        }
      }
    }
    return found;
  }
}
