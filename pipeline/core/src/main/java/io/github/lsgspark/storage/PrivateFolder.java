package io.github.lsgspark.storage;

import io.github.lsgspark.config.LsgException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folders below {@code java.io.tmpdir} that this user alone can enter. Names there are free for
 * all: what another user has put in the place, or a link, is passed over.
 */
public final class PrivateFolder {
  private static final Logger LOG = LoggerFactory.getLogger(PrivateFolder.class);
  private static final Set<PosixFilePermission> OWN = PosixFilePermissions.fromString("rwx------");
  private static final int NAMES = 10;
  private static final int HOURS = 48;

  private PrivateFolder() {}

  /**
   * The folder for something, made if it is not there; all processes of this user share it.
   *
   * @throws LsgException exit 4 if there is none to be had
   */
  public static Path of(String purpose) {
    return in(Path.of(System.getProperty("java.io.tmpdir")), purpose);
  }

  /**
   * A new file for a moment, which the caller deletes; those that processes left that broke down
   * are removed after {@value #HOURS} hours.
   */
  public static Path file(String prefix, String suffix) throws IOException {
    Path folder = of("scratch");
    Instant old = Instant.now().minus(Duration.ofHours(HOURS));
    try (Stream<Path> left = Files.list(folder)) {
      for (Path file : left.toList()) {
        try {
          if (Files.getLastModifiedTime(file).toInstant().isBefore(old)) {
            Files.delete(file);
          }
        } catch (NoSuchFileException e) {
          // Its process, or another, was faster.
        }
      }
    }
    return Files.createTempFile(folder, prefix, suffix);
  }

  static Path in(Path temporary, String purpose) {
    String user = System.getProperty("user.name", "user").replaceAll("\\W", "_");
    try {
      Files.createDirectories(temporary);
      UserPrincipal me = me(temporary);
      for (int i = 0; i < NAMES; i++) {
        Path folder = temporary.resolve("lsg-" + purpose + "-" + user + (i == 0 ? "" : "-" + i));
        if (isOwn(folder, me)) {
          return folder;
        }
        LOG.warn("{} is a link or another user's: passed over", folder);
      }
    } catch (IOException e) {
      throw LsgException.environment(
          "java.io.tmpdir: " + temporary + " cannot be written: " + e.getMessage(), e);
    }
    throw LsgException.environment(
        "java.io.tmpdir: in "
            + temporary
            + " others have taken all names that lsg's folders have: remove lsg-"
            + purpose
            + "-* there, or name another by -Djava.io.tmpdir",
        null);
  }

  private static boolean isOwn(Path folder, UserPrincipal me) throws IOException {
    try {
      Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWN));
    } catch (FileAlreadyExistsException e) {
      // Whose it is follows.
    }
    PosixFileAttributes found =
        Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!found.isDirectory() || !found.owner().equals(me)) {
      return false;
    }
    if (!found.permissions().equals(OWN)) {
      Files.setPosixFilePermissions(folder, OWN);
    }
    return true;
  }

  /** Whom this process's files belong to. */
  private static UserPrincipal me(Path temporary) throws IOException {
    Path file = Files.createTempFile(temporary, "lsg-owner", "");
    try {
      return Files.getOwner(file);
    } finally {
      Files.delete(file);
    }
  }
}
