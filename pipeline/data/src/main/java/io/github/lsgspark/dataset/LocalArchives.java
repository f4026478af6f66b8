package io.github.lsgspark.dataset;

import io.github.lsgspark.storage.Fingerprint;
import io.github.lsgspark.storage.LocalCopies;
import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Map;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/** Zip archives need random access: those on a remote file system are copied to this machine. */
final class LocalArchives {
  private LocalArchives() {}

  static ZipFile open(String source, Configuration hadoop) throws IOException {
    Path path = new Path(source);
    FileSystem fileSystem = path.getFileSystem(hadoop);
    if (fileSystem instanceof LocalFileSystem local) {
      return open(local.pathToFile(path));
    }
    FileStatus status = fileSystem.getFileStatus(path);
    String identity =
        Fingerprint.builder("archive")
            .add("path", status.getPath())
            .add("length", status.getLen())
            .add("changed", status.getModificationTime())
            .build()
            .hex();
    java.nio.file.Path folder =
        LocalCopies.of("archives", identity, Map.of(path.getName(), status), hadoop);
    return open(folder.resolve(path.getName()).toFile());
  }

  /** Names that are no UTF-8 are those of the programs that wrote zips before it: code page 437. */
  private static ZipFile open(File file) throws IOException {
    try {
      return new ZipFile(file);
    } catch (ZipException e) {
      if (!String.valueOf(e.getMessage()).contains("bad entry name")
          && !String.valueOf(e.getMessage()).contains("bad header")) {
        throw e;
      }
      return new ZipFile(file, Charset.forName("IBM437"));
    }
  }
}
