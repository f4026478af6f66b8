package io.github.lsgspark.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of remote files on this machine's disk, below {@code java.io.tmpdir}, shared by all
 * processes of this user. A process that uses a copy for the first time holds it against the
 * lengths and hashes of what was copied, and makes it anew if it differs. Copies together are
 * bounded: those used longest ago go, and those that nobody has used for {@value #DAYS} days; one
 * that a living process uses stays.
 */
public final class LocalCopies {
  /** The bytes that copies of one kind may take; {@value #LIMIT_PROPERTY} sets another number. */
  private static final long LIMIT = 32L << 30;

  private static final String LIMIT_PROPERTY = "lsg.copies.max-bytes";
  private static final int DAYS = 30;
  private static final String SUMS = ".sha256";
  private static final String PART = ".part";
  private static final String LOCK = ".lock";
  private static final int BUFFER = 1 << 20;
  private static final Logger LOG = LoggerFactory.getLogger(LocalCopies.class);

  /** Locks that say that this process uses a copy; they end with it. */
  private static final Map<Path, FileChannel> USED = new HashMap<>();

  private LocalCopies() {}

  /**
   * A folder with copies of files.
   *
   * @param kind of what is copied, like "models"
   * @param identity of the files, which is another whenever their content is
   * @param files by the names of their copies, which may lie in folders
   */
  public static Path of(
      String kind, String identity, Map<String, FileStatus> files, Configuration hadoop) {
    return in(PrivateFolder.of(kind), identity, files, hadoop, Long.getLong(LIMIT_PROPERTY, LIMIT));
  }

  static Path in(
      Path root, String identity, Map<String, FileStatus> files, Configuration hadoop, long limit) {
    Path folder = root.resolve(identity);
    synchronized (USED) {
      try {
        if (!USED.containsKey(folder)) {
          USED.put(folder, obtain(folder, files, hadoop));
          trim(root, limit);
        }
        Files.setLastModifiedTime(lockFile(folder), FileTime.from(Instant.now()));
        return folder;
      } catch (IOException e) {
        throw new UncheckedIOException(
            files.keySet() + " cannot be copied to " + folder + ": " + e.getMessage(), e);
      }
    }
  }

  /** Removes a copy that turned out wrong; what is mapped of it stays readable. */
  public static void remove(Path copy) {
    synchronized (USED) {
      try (FileChannel used = USED.remove(copy)) {
        delete(copy);
      } catch (IOException e) {
        throw new UncheckedIOException(copy + ": cannot be removed: " + e.getMessage(), e);
      }
    }
  }

  private static Path lockFile(Path folder) {
    return folder.resolveSibling(folder.getFileName() + LOCK);
  }

  /**
   * Only one process makes a copy; the others wait for its lock and find it whole.
   *
   * @return holds a lock that others share
   */
  private static FileChannel obtain(
      Path folder, Map<String, FileStatus> files, Configuration hadoop) throws IOException {
    FileChannel channel =
        FileChannel.open(
            lockFile(folder),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    try {
      while (true) {
        try (FileLock alone = channel.lock()) {
          if (alone.isValid() && !isWhole(folder, files)) {
            delete(folder);
            copy(folder, files, hadoop);
          }
        }
        FileLock shared = channel.lock(0, Long.MAX_VALUE, true);
        if (Files.exists(folder)) {
          return channel;
        }
        // Another process removed it between the two locks.
        shared.release();
      }
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static boolean isWhole(Path folder, Map<String, FileStatus> files) throws IOException {
    Path sums = folder.resolve(SUMS);
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) || !Files.isRegularFile(sums)) {
      return false;
    }
    List<String> lines = Files.readAllLines(sums, StandardCharsets.UTF_8);
    for (Map.Entry<String, FileStatus> entry : files.entrySet()) {
      String name = entry.getKey();
      Path copy = folder.resolve(name);
      if (!Files.isRegularFile(copy, LinkOption.NOFOLLOW_LINKS)
          || Files.size(copy) != entry.getValue().getLen()
          || !lines.contains(sum(copy) + "  " + name)) {
        LOG.warn("{} is not what was copied: copied again", copy);
        return false;
      }
    }
    return true;
  }

  private static void copy(Path folder, Map<String, FileStatus> files, Configuration hadoop)
      throws IOException {
    Path part = folder.resolveSibling(folder.getFileName() + PART);
    delete(part);
    Files.createDirectory(part);
    List<String> sums = new ArrayList<>();
    for (Map.Entry<String, FileStatus> entry : files.entrySet()) {
      long start = System.nanoTime();
      FileStatus file = entry.getValue();
      Path target = part.resolve(entry.getKey());
      Files.createDirectories(target.getParent());
      MessageDigest digest = digest();
      long copied;
      try (InputStream in =
              new DigestInputStream(
                  file.getPath().getFileSystem(hadoop).open(file.getPath()), digest);
          OutputStream out = Files.newOutputStream(target)) {
        copied = in.transferTo(out);
      }
      if (copied != file.getLen()) {
        throw new IOException(
            file.getPath() + " changed while it was copied: had " + file.getLen() + " bytes");
      }
      sums.add(HexFormat.of().formatHex(digest.digest()) + "  " + entry.getKey());
      LOG.info(
          "Copied {} ({} MB) in {} s",
          file.getPath(),
          file.getLen() / 1_000_000,
          (System.nanoTime() - start) / 1_000_000_000);
    }
    Files.write(part.resolve(SUMS), sums, StandardCharsets.UTF_8);
    Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String sum(Path file) throws IOException {
    MessageDigest digest = digest();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  private record Copy(Path folder, long bytes, Instant used) {}

  /** Removes copies beyond the bound, those used longest ago first, and parts of ones. */
  private static void trim(Path root, long limit) throws IOException {
    List<Copy> copies = new ArrayList<>();
    try (Stream<Path> entries = Files.list(root)) {
      for (Path folder : entries.filter(Files::isDirectory).toList()) {
        copies.add(new Copy(folder, bytes(folder), used(folder)));
      }
    }
    copies.sort(Comparator.comparing(Copy::used));
    long bytes = copies.stream().mapToLong(Copy::bytes).sum();
    Instant old = Instant.now().minus(Duration.ofDays(DAYS));
    for (Copy copy : copies) {
      boolean part = copy.folder().toString().endsWith(PART);
      if ((part || bytes > limit || copy.used().isBefore(old)) && removed(copy.folder())) {
        bytes -= copy.bytes();
      }
    }
  }

  /** Whether nobody used it. */
  private static boolean removed(Path folder) throws IOException {
    String name = folder.getFileName().toString();
    Path copy =
        name.endsWith(PART)
            ? folder.resolveSibling(name.substring(0, name.length() - PART.length()))
            : folder;
    if (USED.containsKey(copy)) {
      return false;
    }
    try (FileChannel channel =
            FileChannel.open(lockFile(copy), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock alone = channel.tryLock()) {
      if (alone == null) {
        return false;
      }
      delete(folder);
      LOG.info("Removed {}, which nobody uses", folder);
      return true;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static Instant used(Path folder) throws IOException {
    Path lock = lockFile(folder);
    return Files.getLastModifiedTime(Files.exists(lock) ? lock : folder).toInstant();
  }

  private static long bytes(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.map(Path::toFile).filter(java.io.File::isFile).mapToLong(f -> f.length()).sum();
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    List<Path> all;
    // Links are not followed.
    try (Stream<Path> entries = Files.walk(folder)) {
      all = entries.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
  }
}
