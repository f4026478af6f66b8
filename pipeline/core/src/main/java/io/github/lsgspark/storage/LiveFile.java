package io.github.lsgspark.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that others read while it grows: the local file system and HDFS show every write at once,
 * object stores show the file when it is closed.
 *
 * <p>It is for looking at, not for results: the first failure is logged, and everything that should
 * have followed is dropped.
 */
public final class LiveFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveFile.class);

  private final String path;
  private OutputStream out;
  private boolean failed;

  private LiveFile(String path) {
    this.path = path;
  }

  /** Creates or replaces a file, and the folders above it. */
  public static LiveFile create(HadoopFiles files, String path) {
    LiveFile file = new LiveFile(path);
    file.attempt(() -> file.out = open(files.fileSystem(path), new Path(path)));
    return file;
  }

  // Hadoop's local file system buffers up to 512 bytes for its checksums, whatever is flushed.
  private static OutputStream open(FileSystem fileSystem, Path path) throws IOException {
    if (!fileSystem.getScheme().equals("file")) {
      return fileSystem.create(path, true);
    }
    java.nio.file.Path local =
        java.nio.file.Path.of(fileSystem.makeQualified(path).toUri().getPath());
    Files.createDirectories(local.getParent());
    return Files.newOutputStream(local);
  }

  /** Appends bytes and shows them to readers. */
  public void write(byte[] content) {
    attempt(
        () -> {
          out.write(content);
          if (out instanceof FSDataOutputStream stream
              && stream.hasCapability(StreamCapabilities.HFLUSH)) {
            stream.hflush();
          }
        });
  }

  @Override
  public void close() {
    if (out != null) {
      attempt(out::close);
    }
  }

  private interface Action {
    void run() throws IOException;
  }

  private void attempt(Action action) {
    if (failed) {
      return;
    }
    try {
      action.run();
    } catch (IOException | RuntimeException e) {
      failed = true;
      LOG.warn("{} cannot be written, and is given up: {}", path, e.toString());
    }
  }
}
