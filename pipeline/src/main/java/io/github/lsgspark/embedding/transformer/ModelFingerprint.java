package io.github.lsgspark.embedding.transformer;

import io.github.lsgspark.storage.Fingerprint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;

/**
 * Which model it is, by content: a copied folder keeps its fingerprint. Of files above {@value
 * #WHOLE_BYTES} bytes only length and {@value #SAMPLES} evenly spread blocks are read, so that
 * gigabytes on a remote store need not pass through the driver.
 */
final class ModelFingerprint {
  private static final int WHOLE_BYTES = 32 << 20;
  private static final int SAMPLES = 256;
  private static final int BLOCK = 4096;

  private ModelFingerprint() {}

  static Fingerprint of(List<FileStatus> files, Configuration hadoop) {
    Fingerprint.Builder builder = Fingerprint.builder("language model");
    for (FileStatus file : files) {
      builder.add(file.getPath().getName(), file.getLen()).add("content", content(file, hadoop));
    }
    return builder.build();
  }

  private static String content(FileStatus file, Configuration hadoop) {
    try (FSDataInputStream in = file.getPath().getFileSystem(hadoop).open(file.getPath())) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      if (file.getLen() <= WHOLE_BYTES) {
        digest.update(in.readAllBytes());
      } else {
        byte[] block = new byte[BLOCK];
        for (int i = 0; i < SAMPLES; i++) {
          in.readFully((file.getLen() - BLOCK) / (SAMPLES - 1) * i, block);
          digest.update(block);
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    } catch (IOException e) {
      throw new UncheckedIOException(file.getPath() + ": " + e.getMessage(), e);
    }
  }
}
