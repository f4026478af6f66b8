package io.github.lsgspark.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Files of this machine as Hadoop sees them, but permissions are set by the JVM (Hadoop without its
 * native library starts {@code chmod} for every file and folder, some 10 ms each), and no {@code
 * .crc} file is left beside each file: a manifest holds the SHA-256 of all files of an output, and
 * Parquet its own checksums. A {@code .crc} file that is there is still read, and kept to.
 */
public final class LocalFiles extends LocalFileSystem {

  /** For Hadoop, which makes it by reflection. */
  public LocalFiles() {
    super(new Raw());
  }

  /**
   * Makes this the file system of this JVM's local files, for all that opens them later. One that
   * has been opened before stays, and so does one that the settings name.
   *
   * @param settings of Hadoop, such as {@code fs.permissions.umask-mode}
   */
  public static void install(Configuration settings) {
    if (settings.get("fs.file.impl") != null) {
      return;
    }
    Configuration configuration = new Configuration(settings);
    configuration.setClassLoader(LocalFiles.class.getClassLoader());
    configuration.setClass("fs.file.impl", LocalFiles.class, FileSystem.class);
    try {
      FileSystem.get(URI.create("file:///"), configuration);
    } catch (IOException e) {
      throw new UncheckedIOException("file:///: " + e.getMessage(), e);
    }
  }

  @Override
  public void initialize(URI name, Configuration configuration) throws IOException {
    super.initialize(name, configuration);
    setWriteChecksum(false);
  }

  /**
   * Takes away the checksum files below a folder of this machine that other JVMs have left there.
   * Elsewhere there are none.
   */
  static void removeChecksums(HadoopFiles files, String folder) {
    if (!(files.fileSystem(folder) instanceof LocalFileSystem local)) {
      return;
    }
    FileSystem raw = local.getRaw();
    try {
      for (FileStatus file : FileStatuses.below(raw, raw.makeQualified(new Path(folder)))) {
        if (isChecksumFile(file.getPath())) {
          raw.delete(file.getPath(), false);
        }
      }
    } catch (FileNotFoundException e) {
      // Nothing was written: there is no folder.
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": " + e.getMessage(), e);
    }
  }

  private static final class Raw extends RawLocalFileSystem {
    private static final Set<String> VIEWS = FileSystems.getDefault().supportedFileAttributeViews();

    /** Set-user and set-group: new files of such a folder get its group. */
    private static final int INHERITED = 06000;

    @Override
    public void setPermission(Path path, FsPermission permission) throws IOException {
      java.nio.file.Path file = pathToFile(path).toPath();
      if (!VIEWS.contains("posix") || !VIEWS.contains("unix") || permission.getStickyBit()) {
        super.setPermission(path, permission);
        return;
      }
      int inherited =
          Files.isDirectory(file) ? INHERITED & (int) Files.getAttribute(file, "unix:mode") : 0;
      if (inherited == 0) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permission.toString()));
      } else {
        // As chmod, which leaves these bits of a folder alone.
        Files.setAttribute(file, "unix:mode", inherited | permission.toShort());
      }
    }
  }
}
