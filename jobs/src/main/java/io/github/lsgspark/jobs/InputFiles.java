package io.github.lsgspark.jobs;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.NamedFiles;
import io.github.lsgspark.storage.Fingerprint;
import io.github.lsgspark.storage.FolderWalk;
import io.github.lsgspark.storage.HadoopFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Files that stages read from outside the work directory, as they enter fingerprints: those of the
 * configuration, and those that lists and tables name. Each path is looked at once per run. Safe
 * for several threads.
 */
final class InputFiles {
  private static final String DRAWN = "drawn:";

  private final HadoopFiles files;
  private final Map<String, String> identities = new ConcurrentHashMap<>();
  private final Map<String, String> withNamed = new ConcurrentHashMap<>();

  InputFiles(HadoopFiles files) {
    this.files = files;
  }

  /**
   * Path, size and time of a file, or of every file under a folder; empty for an empty path.
   *
   * @param key the setting that holds the path, for the message if it does not exist
   */
  String identity(String key, String path) {
    if (path.isEmpty() || path.startsWith(DRAWN)) {
      return path;
    }
    return identities.computeIfAbsent(path, unused -> look(key, path));
  }

  /**
   * What {@link #identity} says of a source of samples, and size and time of every file that a list
   * or a table names; of one that is missing, that it is.
   *
   * @param key the setting that holds the path, for messages
   * @param data root and columns of lists and tables
   * @throws LsgException exit 3 for a table that cannot be read
   */
  String named(String key, String path, DataSettings data) {
    if (path.isEmpty() || path.startsWith(DRAWN)) {
      return path;
    }
    return withNamed.computeIfAbsent(
        path + "\n" + data.root() + "\n" + data.columns(),
        unused -> {
          String own = identity(key, path);
          FileTimes times = new FileTimes(files);
          NamedFiles.of(files.configuration(), path, data, times::add);
          return times.isEmpty() ? own : own + " " + times.digest();
        });
  }

  /**
   * The content of a small text file; empty for an empty path.
   *
   * @param key the setting that holds the path, for the message if it does not exist
   */
  String content(String key, String path) {
    if (path.isEmpty()) {
      return "";
    }
    requireExists(key, path);
    return new String(files.read(path), StandardCharsets.UTF_8);
  }

  private String look(String key, String path) {
    requireExists(key, path);
    FileSystem fileSystem = files.fileSystem(path);
    try {
      List<String> lines = new ArrayList<>();
      FileStatus status = fileSystem.getFileStatus(new Path(path));
      if (status.isFile()) {
        lines.add(describe(status));
      } else {
        for (FolderWalk.Found file : FolderWalk.of(files, path).files()) {
          lines.add(file.location() + " " + file.length() + " " + file.modified());
        }
      }
      return Fingerprint.ofText(String.join("\n", lines)).hex();
    } catch (IOException e) {
      throw LsgException.input(key + ": " + path + " cannot be read: " + e.getMessage(), e);
    }
  }

  private void requireExists(String key, String path) {
    if (!files.exists(path)) {
      throw LsgException.input(key + ": " + path + ": no such file or folder");
    }
  }

  private static String describe(FileStatus status) {
    return status.getPath() + " " + status.getLen() + " " + status.getModificationTime();
  }
}
