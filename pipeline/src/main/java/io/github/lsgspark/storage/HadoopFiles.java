package io.github.lsgspark.storage;

import io.github.lsgspark.config.LsgException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/** Whole-file access to any Hadoop file system; paths without a scheme are the default one's. */
public final class HadoopFiles {
  private static final Set<String> OBJECT_STORES =
      Set.of("s3", "s3a", "s3n", "gs", "oss", "cosn", "obs", "wasb", "wasbs", "swift");

  private final Configuration configuration;

  public HadoopFiles(Configuration configuration) {
    this.configuration = configuration;
  }

  /** Joins a folder and a name. */
  public static String path(String folder, String name) {
    return folder.endsWith("/") ? folder + name : folder + "/" + name;
  }

  /**
   * The file system that holds a path.
   *
   * @throws LsgException with exit code 4 if its host is unknown, or no client for it is there
   */
  public FileSystem fileSystem(String path) {
    try {
      return new Path(path).getFileSystem(configuration);
    } catch (UnsupportedFileSystemException e) {
      throw LsgException.environment(
          path + ": no client for this kind of file system is in the class path", e);
    } catch (IOException e) {
      throw failed(path, e);
    } catch (IllegalArgumentException e) {
      if (e.getCause() instanceof UnknownHostException unknown) {
        throw LsgException.environment(path + ": unknown host " + unknown.getMessage(), e);
      }
      throw e;
    }
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
      return fileSystem(path).exists(new Path(path));
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
    try (InputStream in = fileSystem(path).open(new Path(path))) {
      return in.readAllBytes();
    } catch (FileNotFoundException e) {
      throw notAFile(path, e);
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /** Some file systems say of folders that there is no such file. */
  private LsgException notAFile(String path, FileNotFoundException cause) {
    boolean folder;
    try {
      folder = fileSystem(path).getFileStatus(new Path(path)).isDirectory();
    } catch (IOException e) {
      folder = false;
    }
    return LsgException.input(
        path + (folder ? ": is a folder; the path of a file is needed" : ": no such file"), cause);
  }

  /** The text of a file; empty if there is none, or not any more. */
  public Optional<String> readIfThere(String path) {
    try (InputStream in = fileSystem(path).open(new Path(path))) {
      return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /** Opens a file for reading; the caller closes it. */
  public InputStream open(String path) {
    try {
      return fileSystem(path).open(new Path(path));
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /** Bytes of a file. */
  public long length(String path) {
    try {
      return fileSystem(path).getFileStatus(new Path(path)).getLen();
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /** All files below a folder, however deep, as paths relative to it; empty if it is not there. */
  public List<String> below(String folder) {
    List<String> names = new ArrayList<>();
    try {
      FileSystem fileSystem = fileSystem(folder);
      Path path = fileSystem.makeQualified(new Path(folder));
      if (fileSystem.exists(path)) {
        String start = path.toUri().getPath() + "/";
        RemoteIterator<LocatedFileStatus> files = fileSystem.listFiles(path, true);
        while (files.hasNext()) {
          names.add(files.next().getPath().toUri().getPath().substring(start.length()));
        }
      }
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": " + e.getMessage(), e);
    }
  }

  /** Names of the files and folders in a folder, in no order; none if there is no such folder. */
  public List<String> list(String folder) {
    try {
      FileSystem fileSystem = fileSystem(folder);
      List<String> names = new ArrayList<>();
      if (fileSystem.exists(new Path(folder))) {
        for (FileStatus status : fileSystem.listStatus(new Path(folder))) {
          names.add(status.getPath().getName());
        }
      }
      return names;
    } catch (IOException e) {
      throw failed(folder, e);
    }
  }

  /** When the files of a folder whose names begin so were written last, by their names. */
  Map<String, Long> times(String folder, String prefix) {
    try {
      Map<String, Long> times = new HashMap<>();
      for (FileStatus status : fileSystem(folder).listStatus(new Path(folder))) {
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
    try (OutputStream out = create(path)) {
      out.write(content);
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /** Opens a file for writing; the caller closes it. */
  public OutputStream create(String path) {
    try {
      return fileSystem(path).create(new Path(path), true);
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /** Deletes a file or folder, if it exists. */
  public void delete(String path) {
    try {
      fileSystem(path).delete(new Path(path), true);
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  private static RuntimeException failed(String path, IOException cause) {
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
