package io.github.lsgspark.storage;

import io.github.lsgspark.config.LsgException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Whole-file access to any Hadoop file system; paths without a scheme are the default one's. What
 * fails by a {@link TransientFault} is tried again some times; what is read or written as a stream
 * is the caller's to try again.
 */
public final class HadoopFiles {
  private static final Set<String> OBJECT_STORES =
      Set.of("s3", "s3a", "s3n", "gs", "oss", "cosn", "obs", "wasb", "wasbs", "swift");

  /** What one array holds. */
  private static final long MOST_BYTES = Integer.MAX_VALUE - 8L;

  private final Configuration configuration;

  public HadoopFiles(Configuration configuration) {
    this.configuration = configuration;
  }

  /** What the file systems are configured by. */
  public Configuration configuration() {
    return configuration;
  }

  /** Joins a folder and a name. */
  public static String path(String folder, String name) {
    return folder.endsWith("/") ? folder + name : folder + "/" + name;
  }

  /**
   * The file system that holds a path.
   *
   * @throws LsgException with exit code 4 if its host is missing or unknown, or no client for it is
   *     there
   */
  public FileSystem fileSystem(String path) {
    return StorageClient.of(path, configuration);
  }

  /** The same for one file's content: of a name with a colon Hadoop has no checksum file. */
  FileSystem contentOf(String path) {
    FileSystem fileSystem = fileSystem(path);
    return fileSystem instanceof LocalFileSystem local && new Path(path).getName().contains(":")
        ? local.getRaw()
        : fileSystem;
  }

  /** A path with scheme and authority. */
  public String qualified(String path) {
    return fileSystem(path).makeQualified(new Path(path)).toString();
  }

  /**
   * Whether a path lies on an object store: there, a folder is renamed file by file, by copying,
   * and a file appears when it is closed, whole.
   */
  public boolean isObjectStore(String path) {
    return OBJECT_STORES.contains(fileSystem(path).getScheme());
  }

  /** Whether a file or folder exists. */
  public boolean exists(String path) {
    try {
      return Retry.io(path, () -> fileSystem(path).exists(new Path(path)));
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /**
   * All bytes of a file.
   *
   * @throws LsgException with exit code 3 if there is no such file
   */
  public byte[] read(String path) {
    try {
      return Retry.io(path, () -> whole(path));
    } catch (FileNotFoundException e) {
      throw notAFile(path, e);
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /** Some file systems say of folders that there is no such file. */
  LsgException notAFile(String path, FileNotFoundException cause) {
    boolean folder;
    try {
      folder = fileSystem(path).getFileStatus(new Path(path)).isDirectory();
    } catch (IOException e) {
      folder = false;
    }
    return LsgException.input(
        path + (folder ? ": is a folder; the path of a file is needed" : ": no such file"), cause);
  }

  private byte[] whole(String path) throws IOException {
    FileSystem fileSystem = contentOf(path);
    try (InputStream in = fileSystem.open(new Path(path))) {
      long length = fileSystem.getFileStatus(new Path(path)).getLen();
      if (length > MOST_BYTES) {
        throw LsgException.input(
            path
                + ": has "
                + (length >> 20)
                + " MiB, but files up to 2047 MiB are read as a whole");
      }
      return in.readAllBytes();
    }
  }

  /**
   * The text of a file of this program's own; empty if there is none, or not any more.
   *
   * @throws UncheckedIOException also for one that its checksum tells to be damaged
   */
  public Optional<String> readIfThere(String path) {
    try {
      return Optional.of(new String(Retry.io(path, () -> whole(path)), StandardCharsets.UTF_8));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": " + e.getMessage(), e);
    }
  }

  /** Opens a file for reading; the caller closes it. */
  public InputStream open(String path) {
    try {
      return Retry.io(path, () -> contentOf(path).open(new Path(path)));
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /** Bytes of a file. */
  public long length(String path) {
    try {
      return Retry.io(path, () -> fileSystem(path).getFileStatus(new Path(path)).getLen());
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /** All files below a folder, however deep, as paths relative to it; empty if it is not there. */
  public List<String> below(String folder) {
    return List.copyOf(lengthsBelow(folder).keySet());
  }

  /** The files of {@link #below} with their bytes. */
  public Map<String, Long> lengthsBelow(String folder) {
    try {
      return Retry.io(folder, () -> lengths(folder));
    } catch (IOException e) {
      throw failed(folder, e);
    }
  }

  private Map<String, Long> lengths(String folder) throws IOException {
    Map<String, Long> names = new LinkedHashMap<>();
    FileSystem fileSystem = fileSystem(folder);
    Path path = fileSystem.makeQualified(new Path(folder));
    if (fileSystem.exists(path)) {
      String start = path.toUri().getPath() + "/";
      for (FileStatus file : FileStatuses.below(fileSystem, path)) {
        names.put(file.getPath().toUri().getPath().substring(start.length()), file.getLen());
      }
    }
    return names;
  }

  /** Names of the files and folders in a folder, in no order; none if there is no such folder. */
  public List<String> list(String folder) {
    try {
      return Retry.io(
          folder,
          () ->
              fileSystem(folder).exists(new Path(folder))
                  ? Arrays.stream(fileSystem(folder).listStatus(new Path(folder)))
                      .map(status -> status.getPath().getName())
                      .toList()
                  : List.of());
    } catch (IOException e) {
      throw failed(folder, e);
    }
  }

  /** When the files of a folder whose names begin so were written last, by their names. */
  Map<String, Long> times(String folder, String prefix) {
    try {
      Map<String, Long> times = new HashMap<>();
      FileStatus[] found = Retry.io(folder, () -> fileSystem(folder).listStatus(new Path(folder)));
      for (FileStatus status : found) {
        if (status.getPath().getName().startsWith(prefix)) {
          times.put(status.getPath().getName(), status.getModificationTime());
        }
      }
      return times;
    } catch (FileNotFoundException e) {
      return new HashMap<>();
    } catch (IOException e) {
      throw failed(folder, e);
    }
  }

  /** Creates or replaces a file. */
  public void writeText(String path, String content) {
    write(path, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Creates or replaces a file. */
  public void write(String path, byte[] content) {
    try {
      Retry.io(
          path,
          () -> {
            try (OutputStream out = contentOf(path).create(new Path(path), true)) {
              out.write(content);
            }
            return path;
          });
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /** Opens a file for writing; the caller closes it. */
  public OutputStream create(String path) {
    try {
      return LocalFault.asException(
          Retry.io(path, () -> contentOf(path).create(new Path(path), true)));
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /** Copies a file to where another may be, which is replaced. */
  public void copy(String from, String to) {
    try (InputStream in = open(from);
        OutputStream out = create(to)) {
      in.transferTo(out);
    } catch (IOException e) {
      throw failed(from + " to " + to, e);
    }
  }

  /** The SHA-256 of a file's bytes, as 64 hexadecimal digits. */
  public String digest(String path) {
    try {
      return FileDigest.whole(fileSystem(path), contentOf(path).getFileStatus(new Path(path)));
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /** Deletes a file or folder, if it exists. */
  public void delete(String path) {
    try {
      Retry.io(path, () -> contentOf(path).delete(new Path(path), true));
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  static RuntimeException failed(String path, IOException cause) {
    if (cause instanceof ChecksumException) {
      return LsgException.input(
          path
              + ": its content does not agree with the checksum in ."
              + new Path(path).getName()
              + ".crc beside it: it is damaged, or another program changed it",
          cause);
    }
    return new UncheckedIOException(path + ": " + cause.getMessage(), cause);
  }
}
