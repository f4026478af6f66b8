package io.github.lsgspark.embedding.transformer;

import io.github.lsgspark.storage.Fingerprint;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model's files on this machine's disk, where they can be mapped into memory: the folder itself
 * if it is local, else a copy below {@code java.io.tmpdir} that all executors of the machine share.
 */
final class LocalCopy {
  private static final Logger LOG = LoggerFactory.getLogger(LocalCopy.class);

  private LocalCopy() {}

  /**
   * @param files what is needed of the folder
   * @return a local folder with these files
   */
  static Path of(ModelDirectory directory, List<FileStatus> files, Configuration hadoop) {
    org.apache.hadoop.fs.Path first = files.get(0).getPath();
    if ("file".equals(first.toUri().getScheme())) {
      return Path.of(new org.apache.hadoop.fs.Path(directory.path()).toUri().getPath());
    }
    Fingerprint.Builder identity = Fingerprint.builder("model").add("path", directory.path());
    for (FileStatus file : files) {
      identity
          .add(directory.nameOf(file), file.getLen())
          .add("changed", file.getModificationTime());
    }
    Path root = Path.of(System.getProperty("java.io.tmpdir"), "lsg-models-" + user());
    try {
      Files.createDirectories(root);
      return fetched(root, identity.build().hex(), directory, files, hadoop);
    } catch (IOException e) {
      throw new UncheckedIOException(directory.path() + ": cannot be copied: " + e.getMessage(), e);
    }
  }

  private static String user() {
    return System.getProperty("user.name", "user").replaceAll("\\W", "_");
  }

  /**
   * Only one JVM of the machine fetches; the others wait for its lock and find the folder whole.
   */
  private static Path fetched(
      Path root,
      String name,
      ModelDirectory directory,
      List<FileStatus> files,
      Configuration hadoop)
      throws IOException {
    Path folder = root.resolve(name);
    Path lockFile = root.resolve(name + ".lock");
    synchronized (LocalCopy.class) {
      try (FileChannel channel =
              FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        if (!lock.isValid() || Files.isDirectory(folder)) {
          return folder;
        }
        Path part = root.resolve(name + ".part");
        Files.createDirectories(part);
        for (FileStatus file : files) {
          long start = System.nanoTime();
          FileSystem source = file.getPath().getFileSystem(hadoop);
          File target = part.resolve(directory.nameOf(file)).toFile();
          Files.createDirectories(target.toPath().getParent());
          source.copyToLocalFile(
              false, file.getPath(), new org.apache.hadoop.fs.Path(target.toURI()), true);
          LOG.info(
              "Copied {} ({} MB) in {} s",
              file.getPath(),
              file.getLen() / 1_000_000,
              (System.nanoTime() - start) / 1_000_000_000);
        }
        Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
        return folder;
      }
    }
  }

  /** Removes a copy; what is mapped of it stays readable. */
  static void delete(Path copy) {
    try (Stream<Path> walk = Files.walk(copy)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(copy + ": cannot be removed: " + e.getMessage(), e);
    }
  }
}
