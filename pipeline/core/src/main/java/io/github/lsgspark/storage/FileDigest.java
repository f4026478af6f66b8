package io.github.lsgspark.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;

/** SHA-256 of files. Of packs, which are as large as a data set, evenly spread blocks stand in. */
final class FileDigest {
  /** Enters what is remembered: raised when {@link #whole} gives something else. */
  static final String ALGORITHM = "sha256-1";

  private static final int BUFFER = 1 << 20;
  private static final long WHOLE_BYTES = 8L << 20;
  private static final int BLOCKS = 64;
  private static final int BLOCK = 1 << 14;

  private FileDigest() {}

  /** Of all bytes, as 64 hexadecimal digits. */
  static String whole(FileSystem fileSystem, FileStatus file) {
    try (FSDataInputStream in = fileSystem.open(file.getPath())) {
      MessageDigest digest = sha256();
      byte[] buffer = new byte[BUFFER];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new UncheckedIOException(file.getPath() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Tells a file from another that was put in its place: of all bytes, but of a pack above 8 MiB of
   * its first and last 16 KiB and of 62 blocks between them.
   */
  static String seal(FileSystem fileSystem, FileStatus file) {
    if (file.getLen() <= WHOLE_BYTES || !file.getPath().getName().endsWith(".pack")) {
      return whole(fileSystem, file);
    }
    try (FSDataInputStream in = fileSystem.open(file.getPath())) {
      MessageDigest digest = sha256();
      byte[] block = new byte[BLOCK];
      for (int i = 0; i < BLOCKS; i++) {
        in.readFully((file.getLen() - BLOCK) * i / (BLOCKS - 1), block);
        digest.update(block);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new UncheckedIOException(file.getPath() + ": " + e.getMessage(), e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
