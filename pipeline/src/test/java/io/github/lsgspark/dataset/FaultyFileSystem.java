package io.github.lsgspark.dataset;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** Local files under the scheme faulty:, whose next reads fail as often as one likes. */
public final class FaultyFileSystem extends RawLocalFileSystem {
  private static final URI SCHEME = URI.create("faulty:///");
  private static final AtomicInteger FAILURES = new AtomicInteger();
  private static final AtomicInteger READS = new AtomicInteger();

  static Configuration configuration() {
    Configuration configuration = new Configuration();
    configuration.setClass(
        "fs.faulty.impl", FaultyFileSystem.class, org.apache.hadoop.fs.FileSystem.class);
    return configuration;
  }

  static String path(Path local) {
    return "faulty:" + local;
  }

  /** The next reads that fail. */
  static void failReads(int count) {
    FAILURES.set(count);
  }

  /** Reads so far, failed ones too. */
  static int reads() {
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
