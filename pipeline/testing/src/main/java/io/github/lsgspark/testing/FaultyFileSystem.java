package io.github.lsgspark.testing;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;

/**
 * Local files under the scheme faulty:, whose next reads and writes fail as often as one likes, and
 * whose writes take as long as one likes.
 */
public final class FaultyFileSystem extends RawLocalFileSystem {
  private static final URI SCHEME = URI.create("faulty:///");
  private static final AtomicInteger FAILURES = new AtomicInteger();
  private static final AtomicInteger READS = new AtomicInteger();
  private static final AtomicInteger WRITE_FAILURES = new AtomicInteger();
  private static volatile String failing = "";
  private static volatile Duration delay = Duration.ZERO;

  /** A configuration that knows the scheme. */
  public static Configuration configuration() {
    return configure(new Configuration());
  }

  /** Adds the scheme. */
  public static Configuration configure(Configuration configuration) {
    configuration.setClass(
        "fs.faulty.impl", FaultyFileSystem.class, org.apache.hadoop.fs.FileSystem.class);
    return configuration;
  }

  /** The name of a local file here. */
  public static String path(Path local) {
    return "faulty:" + local;
  }

  /** The next reads that fail. */
  public static void failReads(int count) {
    FAILURES.set(count);
  }

  /**
   * The next files that cannot be created.
   *
   * @param name that theirs contain
   */
  public static void failWrites(String name, int count) {
    failing = name;
    WRITE_FAILURES.set(count);
  }

  /** Files that are still to fail. */
  public static int writesToFail() {
    return WRITE_FAILURES.get();
  }

  /** How long it takes to close a file that was written. */
  public static void slowWrites(Duration each) {
    delay = each;
  }

  /** Reads so far, failed ones too. */
  public static int reads() {
    return READS.get();
  }

  @Override
  public URI getUri() {
    return SCHEME;
  }

  @Override
  public String getScheme() {
    return "faulty";
  }

  @Override
  public FSDataOutputStream create(
      org.apache.hadoop.fs.Path path,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    if (path.getName().contains(failing)
        && WRITE_FAILURES.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new IOException("the network is down");
    }
    FSDataOutputStream out =
        super.create(path, overwrite, bufferSize, replication, blockSize, progress);
    return new FSDataOutputStream(out, null) {
      @Override
      public void close() throws IOException {
        try {
          Thread.sleep(delay.toMillis());
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
        super.close();
      }
    };
  }

  @Override
  public FSDataInputStream open(org.apache.hadoop.fs.Path path, int bufferSize) throws IOException {
    return new FSDataInputStream(super.open(path, bufferSize)) {
      @Override
      public void readFully(long position, byte[] buffer) throws IOException {
        READS.incrementAndGet();
        if (FAILURES.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
          throw new IOException("the network is down");
        }
        super.readFully(position, buffer);
      }
    };
  }
}
