package io.github.lsgspark.storage;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;

/**
 * Moves a folder to where nothing is: of several that move to one place at once, one does. Hadoop's
 * plain rename moves a folder into one that is at the place already, and says that all went well.
 */
final class FolderMove {
  private static final int ATTEMPTS = 10;

  private FolderMove() {}

  /**
   * Moves a folder to where nothing is, in one step.
   *
   * @param from a folder
   * @param to in the same file system
   * @return false if something is there already; then nothing was moved
   */
  static boolean toFreePlace(HadoopFiles files, String from, String to) throws IOException {
    FileSystem fileSystem = files.fileSystem(from);
    Path source = new Path(from);
    Path target = new Path(to);
    if (fileSystem instanceof LocalFileSystem local) {
      return move(local.pathToFile(source).toPath(), local.pathToFile(target).toPath());
    }
    if (fileSystem instanceof DistributedFileSystem hdfs) {
      return move(hdfs, source, target);
    }
    if (fileSystem.exists(target)) {
      return false;
    }
    boolean moved = fileSystem.rename(source, target);
    // Another was faster between the look and the rename, and this one lies in its folder now.
    Path within = new Path(target, source.getName());
    if (moved && fileSystem.exists(within)) {
      fileSystem.delete(within, true);
      return false;
    }
    if (!moved && !fileSystem.exists(target)) {
      throw new IOException("cannot be renamed to " + to);
    }
    return moved;
  }

  /**
   * The kernel's rename takes the place of an empty folder, and of nothing else. What was in the
   * way may be gone by the time it is looked for, as another run took it away: then the place is
   * free, and the move is tried again.
   */
  private static boolean move(java.nio.file.Path source, java.nio.file.Path target)
      throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
        return true;
      } catch (FileSystemException e) {
        boolean here = Files.exists(source);
        if (here && Files.exists(target)) {
          return false;
        }
        if (!here || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static boolean move(DistributedFileSystem hdfs, Path source, Path target)
      throws IOException {
    try {
      hdfs.rename(source, target, Options.Rename.NONE);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }
}
