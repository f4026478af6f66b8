package io.github.lsgspark.dataset;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.ZipFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/** Zip archives need random access: those on a remote file system are copied here once per JVM. */
final class LocalArchives {
  private static final Map<String, File> COPIES = new ConcurrentHashMap<>();

  private LocalArchives() {}

  static ZipFile open(String source, Configuration hadoop) throws IOException {
    Path path = new Path(source);
    FileSystem fileSystem = path.getFileSystem(hadoop);
    if (fileSystem instanceof LocalFileSystem local) {
      return new ZipFile(local.pathToFile(path));
    }
    FileStatus status = fileSystem.getFileStatus(path);
    String version = source + " " + status.getLen() + " " + status.getModificationTime();
    synchronized (COPIES) {
      File copy = COPIES.get(version);
      if (copy == null) {
        copy = Files.createTempFile("lsg-archive", ".zip").toFile();
        copy.deleteOnExit();
        fileSystem.copyToLocalFile(false, path, new Path(copy.toURI()), true);
        COPIES.put(version, copy);
      }
      return new ZipFile(copy);
    }
  }
}
