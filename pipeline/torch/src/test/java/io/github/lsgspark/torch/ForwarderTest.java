package io.github.lsgspark.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who knows nothing holds a gate neither for long nor for others. */
@Timeout(30)
class ForwarderTest {
  private final GateKey key = GateKey.random();
  private final List<Socket> idle = new ArrayList<>();
  private ServerSocket store;

  @BeforeEach
  void open() throws IOException {
    store = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    for (Socket socket : idle) {
      socket.close();
    }
    store.close();
  }

  private Forwarder gate(Forwarder.Limits limits) throws IOException {
    return Forwarder.listen(
        InetAddress.getLoopbackAddress(), "gate", new StoreGate(store.getLocalPort(), key), limits);
  }

  private Socket connected(Forwarder gate) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), gate.port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  /** A replica's byte arrives at the store, behind any number of connections that only wait. */
  private void requireWayIn(Forwarder gate) throws IOException {
    StoreTunnel way =
        new StoreTunnel(
            new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), gate.port()),
            key,
            5_000);
    try (Socket replica = way.open(null);
        Socket atStore = store.accept()) {
      replica.getOutputStream().write(42);
      assertThat(atStore.getInputStream().read()).isEqualTo(42);
    }
  }

  @Test
  void thoseWhoProveNothingAreBoundedAndKeepNobodyOut() throws Exception {
    try (Forwarder gate = gate(new Forwarder.Limits(4, 60_000, 100))) {
      for (int i = 0; i < 20; i++) {
        idle.add(connected(gate));
      }
      // The oldest are closed; the last four stay.
      for (Socket early : idle.subList(0, 16)) {
        assertThat(early.getInputStream().read()).isEqualTo(-1);
      }
      assertThat(gate.opening()).isEqualTo(4);
      requireWayIn(gate);
    }
  }

  /** A byte now and then keeps no connection alive. */
  @Test
  void aHandshakeHasAnEnd() throws Exception {
    try (Forwarder gate = gate(new Forwarder.Limits(4, 300, 100));
        Socket slow = connected(gate)) {
      slow.getOutputStream().write(1);
      long start = System.nanoTime();
      assertThat(slow.getInputStream().read()).isEqualTo(-1);
      assertThat((System.nanoTime() - start) / 1e9).isLessThan(5);
      assertThat(gate.opening()).isZero();
      requireWayIn(gate);
    }
  }

  @Test
  void allConnectionsTogetherAreBounded() throws Exception {
    try (Forwarder gate = gate(new Forwarder.Limits(100, 60_000, 3))) {
      for (int i = 0; i < 3; i++) {
        idle.add(connected(gate));
      }
      try (Socket tooMany = connected(gate)) {
        assertThat(tooMany.getInputStream().read()).isEqualTo(-1);
      }
    }
  }
}
