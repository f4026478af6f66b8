package io.github.lsgspark.dataset;

import io.github.lsgspark.storage.HadoopFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * Which files there are below a folder. Each folder that is asked about is listed once, so that a
 * list of many lines costs one call for each of its folders.
 */
final class KnownFiles {
  private final FileSystem fileSystem;
  private final Path base;
  private final Map<String, Set<String>> folders = new HashMap<>();

  KnownFiles(HadoopFiles files, Path base) {
    this.fileSystem = files.fileSystem(base.toString());
    this.base = base;
  }

  /** Whether asking costs next to nothing. */
  boolean areNear() {
    return fileSystem instanceof LocalFileSystem;
  }

  /**
   * Whether a file is there.
   *
   * @param relative path below the folder, with slashes
   */
  boolean has(String relative) {
    int slash = relative.lastIndexOf('/');
    return folders
        .computeIfAbsent(relative.substring(0, Math.max(0, slash)), this::list)
        .contains(relative.substring(slash + 1));
  }

  private Set<String> list(String folder) {
    Set<String> names = new HashSet<>();
    if (!folder.isEmpty() && !mayExist(folder)) {
      return names;
    }
    Path path = folder.isEmpty() ? base : new Path(base + "/" + folder);
    try {
      RemoteIterator<FileStatus> found = fileSystem.listStatusIterator(path);
      while (found.hasNext()) {
        FileStatus status = found.next();
        if (!status.isDirectory()) {
          names.add(status.getPath().getName());
        }
      }
    } catch (FileNotFoundException e) {
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": " + e.getMessage(), e);
    }
    return names;
  }

  /**
   * A path that leads out, or holds what no file system of Hadoop has in a name, is not looked at.
   */
  private static boolean mayExist(String folder) {
    return !folder.startsWith("/")
        && !folder.contains("//")
        && !folder.contains("..")
        && folder.codePoints().noneMatch(Character::isISOControl);
  }
}
