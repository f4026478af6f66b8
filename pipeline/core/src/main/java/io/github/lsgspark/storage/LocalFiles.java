package io.github.lsgspark.storage;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
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
   * has been opened before stays.
   */
  public static void install() {
    Configuration configuration = new Configuration();
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
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": " + e.getMessage(), e);
    }
  }

  private static final class Raw extends RawLocalFileSystem {
    private static final boolean POSIX =
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    @Override
    public void setPermission(Path path, FsPermission permission) throws IOException {
      File file = pathToFile(path);
      if (POSIX && !permission.getStickyBit()) {
        Files.setPosixFilePermissions(
            file.toPath(), PosixFilePermissions.fromString(permission.toString()));
      } else {
        super.setPermission(path, permission);
      }
    }
  }
}
