package io.github.lsgspark.torch;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret of one training's replicas: rank 0 draws it, and Spark's own channel takes it to the
 * others. Each end of a connection proves with an HMAC over both ends' nonces that it knows it; the
 * secret itself is never sent.
 */
final class GateKey {
  static final int NONCE_BYTES = 32;
  static final int PROOF_BYTES = 32;
  private static final String ALGORITHM = "HmacSHA256";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final byte[] secret;

  private GateKey(byte[] secret) {
    this.secret = secret;
  }

  static GateKey random() {
    return new GateKey(nonce());
  }

  /** The key that another replica wrote with {@link #hex}. */
  static GateKey of(String hex) {
    return new GateKey(HexFormat.of().parseHex(hex));
  }

  /** For the other replicas only. */
  String hex() {
    return HexFormat.of().formatHex(secret);
  }

  static byte[] nonce() {
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    return nonce;
  }

  /**
   * @param role of the end that proves; another for each end, so that no proof can be sent back
   */
  byte[] proof(String role, byte[] clientNonce, byte[] serverNonce) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret, ALGORITHM));
      mac.update(role.getBytes(StandardCharsets.US_ASCII));
      mac.update(clientNonce);
      return mac.doFinal(serverNonce);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether a proof is right; takes as long for a wrong one. */
  boolean accepts(byte[] proof, String role, byte[] clientNonce, byte[] serverNonce) {
    return MessageDigest.isEqual(proof, proof(role, clientNonce, serverNonce));
  }

  @Override
  public String toString() {
    return "GateKey(hidden)";
  }
}
