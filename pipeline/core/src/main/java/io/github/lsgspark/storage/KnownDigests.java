package io.github.lsgspark.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SHA-256 of whole files. That of a large one is remembered in a folder of the user's ({@code
 * $XDG_CACHE_HOME} or {@code ~/.cache}, then {@code lsg/sha256-1}) by path, length and time, and of
 * a local file by its number and the time of its last change of any kind, which no program can set
 * back. Without such a folder it is computed each time.
 */
public final class KnownDigests {
  private static final Logger LOG = LoggerFactory.getLogger(KnownDigests.class);
  private static final long LARGE = 32L << 20;

  /** A file may be written twice within the resolution of its time. */
  private static final long SETTLED_MILLIS = 3000;

  private static final Optional<Path> FOLDER =
      userFolder().map(folder -> folder.resolve("lsg").resolve(FileDigest.ALGORITHM));

  private KnownDigests() {}

  private static Optional<Path> userFolder() {
    String named = System.getenv("XDG_CACHE_HOME");
    if (named != null && named.startsWith("/")) {
      return Optional.of(Path.of(named));
    }
    // In containers a user may have no home, which is then "?" or "/".
    String home = System.getProperty("user.home", "");
    return home.length() > 1 && home.startsWith("/")
        ? Optional.of(Path.of(home, ".cache"))
        : Optional.empty();
  }

  /** The digest of all bytes of a file, as 64 hexadecimal digits. */
  public static String of(FileStatus file, HadoopFiles files) {
    return of(file, files, FOLDER);
  }

  /**
   * @param folder where digests are remembered
   */
  static String of(FileStatus file, HadoopFiles files, Optional<Path> folder) {
    FileSystem fileSystem = files.fileSystem(file.getPath().toString());
    if (file.getLen() <= LARGE || folder.isEmpty()) {
      return FileDigest.whole(fileSystem, file);
    }
    String identity = identity(file);
    Path remembered = folder.get().resolve(Fingerprint.ofText(identity).hex());
    String known = read(remembered, identity);
    if (!known.isEmpty()) {
      return known;
    }
    long start = System.nanoTime();
    String digest = FileDigest.whole(fileSystem, file);
    LOG.info(
        "Read {} ({} MB) for its digest in {} s",
        file.getPath(),
        file.getLen() / 1_000_000,
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
    boolean settled = System.currentTimeMillis() - file.getModificationTime() > SETTLED_MILLIS;
    if (settled && identity.equals(identity(file))) {
      remember(remembered, identity, digest);
    }
    return digest;
  }

  private static String identity(FileStatus file) {
    String identity =
        file.getPath() + "\n" + file.getLen() + " " + file.getModificationTime() + "\n";
    if (!"file".equals(file.getPath().toUri().getScheme())) {
      return identity;
    }
    try {
      Map<String, Object> local =
          new HashMap<>(
              Files.readAttributes(
                  Path.of(file.getPath().toUri().getPath()), "unix:ino,dev,size,ctime"));
      return identity
          + local.get("dev")
          + " "
          + local.get("ino")
          + " "
          + local.get("size")
          + " "
          + local.get("ctime")
          + "\n";
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return identity;
    }
  }

  /** Empty if it is not known, or what is remembered is of another file or damaged. */
  private static String read(Path remembered, String identity) {
    try {
      String text = Files.readString(remembered, StandardCharsets.UTF_8);
      return text.startsWith(identity) && text.substring(identity.length()).matches("[0-9a-f]{64}")
          ? text.substring(identity.length())
          : "";
    } catch (IOException | UncheckedIOException e) {
      return "";
    }
  }

  /** Written aside and moved into place, so that it is whole or not there. */
  private static void remember(Path place, String identity, String digest) {
    try {
      if (!Files.isDirectory(place.getParent())) {
        Files.createDirectories(
            place.getParent(),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      Path aside = Files.createTempFile(place.getParent(), "_", "");
      try {
        Files.writeString(aside, identity + digest, StandardCharsets.UTF_8);
        Files.move(aside, place, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(aside);
      }
    } catch (IOException | UnsupportedOperationException e) {
      LOG.debug("the digest of a file is not remembered: {}", e.toString());
    }
  }
}
