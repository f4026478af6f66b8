package io.github.lsgspark.torch;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;

/** The way from another replica through rank 0's {@link StoreGate}. */
final class StoreTunnel implements Forwarder.Onward {
  private final InetSocketAddress gate;
  private final GateKey key;
  private final int timeoutMillis;
  private volatile IOException failure;

  /**
   * @param timeoutMillis longest wait for a connection to the gate
   */
  StoreTunnel(InetSocketAddress gate, GateKey key, int timeoutMillis) {
    this.gate = gate;
    this.key = key;
    this.timeoutMillis = timeoutMillis;
  }

  /** Why the gate could not be passed, the last time. */
  Optional<IOException> failure() {
    return Optional.ofNullable(failure);
  }

  @Override
  public Socket open(Socket incoming) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(gate, timeoutMillis);
      introduce(socket);
      return socket;
    } catch (IOException e) {
      failure = e;
      socket.close();
      throw e;
    }
  }

  private void introduce(Socket socket) throws IOException {
    socket.setSoTimeout(StoreGate.HANDSHAKE_MS);
    DataInputStream in = new DataInputStream(socket.getInputStream());
    OutputStream out = socket.getOutputStream();
    byte[] clientNonce = GateKey.nonce();
    out.write(clientNonce);
    byte[] serverNonce = new byte[GateKey.NONCE_BYTES];
    in.readFully(serverNonce);
    out.write(key.proof(StoreGate.CLIENT, clientNonce, serverNonce));
    byte[] proof = new byte[GateKey.PROOF_BYTES];
    in.readFully(proof);
    if (!key.accepts(proof, StoreGate.SERVER, clientNonce, serverNonce)) {
      throw new IOException("what answers there is not rank 0 of this training");
    }
    socket.setSoTimeout(0);
  }
}
