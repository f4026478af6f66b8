package io.github.lsgspark.dataset;

import io.github.lsgspark.storage.Fingerprint;
import io.github.lsgspark.storage.LocalCopies;
import java.io.IOException;
import java.util.Map;
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
      return new ZipFile(local.pathToFile(path));
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
    return new ZipFile(folder.resolve(path.getName()).toFile());
  }
}
