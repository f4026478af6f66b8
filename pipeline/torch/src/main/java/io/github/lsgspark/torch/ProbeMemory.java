package io.github.lsgspark.torch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers in a file what a probe found. The file is named by what the answer depends on and
 * repeats it; one that says anything else is no answer. Many processes may read and write at once.
 */
final class ProbeMemory {
  private static final Logger LOG = LoggerFactory.getLogger(ProbeMemory.class);
  private static final int NAME_DIGITS = 16;

  private final Path folder;
  private final String facts;

  /**
   * @param facts what the answer depends on
   */
  ProbeMemory(Path folder, String facts) {
    this.folder = folder;
    this.facts = facts;
  }

  /** Beside JavaCPP's copies of libraries, which every user has on each host. */
  static ProbeMemory ofThisUser(String facts) {
    try {
      return new ProbeMemory(Loader.getCacheDir().toPath(), facts);
    } catch (IOException e) {
      throw new IllegalStateException("libtorch was loaded from a folder that is gone", e);
    }
  }

  Path file() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(facts.getBytes(StandardCharsets.UTF_8));
      return folder.resolve(
          "lsg-convolutions-" + HexFormat.of().formatHex(digest).substring(0, NAME_DIGITS));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  Optional<ConvolutionMode> read() {
    try {
      String[] parts = Files.readString(file()).split("\n", 2);
      return parts.length == 2 && parts[1].equals(facts)
          ? ConvolutionMode.of(parts[0])
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  void write(ConvolutionMode mode) {
    try {
      Path whole = Files.createTempFile(folder, "lsg-convolutions", ".tmp");
      try {
        Files.writeString(whole, mode.label() + "\n" + facts);
        Files.move(whole, file(), StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(whole);
      }
    } catch (IOException e) {
      LOG.warn("{} cannot be written, so the next process probes again: {}", folder, e.toString());
    }
  }
}
