package io.github.lsgspark.torch;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may come to rank 0's TCP store. The store of c10d asks nobody who he is; so it listens on the
 * loopback address only, and the other replicas reach it through this gate, which first has each
 * prove that it knows the training's {@link GateKey} (and proves it in turn). Connections that have
 * not done so are few and end soon ({@link #LIMITS}).
 *
 * <p>What then passes is not encrypted: docs/security.md says what it is and what keeps it apart.
 */
final class StoreGate implements Forwarder.Onward {
  static final int HANDSHAKE_MS = 10_000;

  /**
   * Those who have proven nothing: as many as may come at once, each for the time of a handshake
   * and not only of a read. Those who have are replicas, each with one or two connections.
   */
  static final Forwarder.Limits LIMITS = new Forwarder.Limits(512, HANDSHAKE_MS, 8192);

  static final String CLIENT = "lsg replica";
  static final String SERVER = "lsg rank 0";

  private static final Logger LOG = LoggerFactory.getLogger(StoreGate.class);
  private static final int REFUSALS_LOGGED = 5;

  private final int storePort;
  private final GateKey key;
  private final AtomicInteger refused = new AtomicInteger();

  /**
   * @param storePort of the loopback address
   */
  StoreGate(int storePort, GateKey key) {
    this.storePort = storePort;
    this.key = key;
  }

  @Override
  public Socket open(Socket incoming) throws IOException {
    try {
      admit(incoming);
    } catch (IOException e) {
      if (refused.incrementAndGet() <= REFUSALS_LOGGED) {
        LOG.warn("rank 0 refused {}: {}", incoming.getRemoteSocketAddress(), e.toString());
      }
      throw e;
    }
    return new Socket(InetAddress.getLoopbackAddress(), storePort);
  }

  private void admit(Socket incoming) throws IOException {
    incoming.setSoTimeout(HANDSHAKE_MS);
    DataInputStream in = new DataInputStream(incoming.getInputStream());
    OutputStream out = incoming.getOutputStream();
    byte[] clientNonce = new byte[GateKey.NONCE_BYTES];
    in.readFully(clientNonce);
    byte[] serverNonce = GateKey.nonce();
    out.write(serverNonce);
    byte[] proof = new byte[GateKey.PROOF_BYTES];
    in.readFully(proof);
    if (!key.accepts(proof, CLIENT, clientNonce, serverNonce)) {
      throw new IOException("it does not know this training's secret");
    }
    out.write(key.proof(SERVER, clientNonce, serverNonce));
    incoming.setSoTimeout(0);
  }
}
