package io.github.lsgspark.dataset;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.IOUtils;

/**
 * Reads encoded bytes from any Hadoop file system, for several threads. Packs stay open until the
 * reader is closed. A read that fails is tried once more on a fresh stream, unless the file is
 * missing.
 */
final class PlaceReader implements AutoCloseable {
  private static final int OPEN_AT_MOST = 256;

  private final Configuration hadoop;
  private final Map<String, FSDataInputStream> packs = new ConcurrentHashMap<>();

  PlaceReader(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  /** Whether the file system of a path is this machine's own. */
  boolean isLocal(Place place) throws IOException {
    Path path = new Path(place.path());
    return "file".equals(path.getFileSystem(hadoop).getUri().getScheme());
  }

  byte[] read(Place place) throws IOException {
    try {
      return place.isWhole() ? whole(place) : piece(place);
    } catch (FileNotFoundException e) {
      throw e;
    } catch (IOException first) {
      try {
        return place.isWhole() ? whole(place) : piece(place);
      } catch (IOException second) {
        second.addSuppressed(first);
        throw second;
      }
    }
  }

  private FSDataInputStream open(Place place) throws IOException {
    if (isLocal(place)) {
      NativeNames.require(place.path());
    }
    Path path = new Path(place.path());
    return path.getFileSystem(hadoop).open(path);
  }

  private byte[] whole(Place place) throws IOException {
    try (InputStream in = open(place)) {
      return in.readAllBytes();
    }
  }

  private byte[] piece(Place place) throws IOException {
    byte[] bytes = new byte[place.length()];
    FSDataInputStream kept = packs.get(place.path());
    FSDataInputStream pack = kept == null ? open(place) : kept;
    try {
      pack.readFully(place.offset(), bytes);
    } catch (IOException e) {
      packs.remove(place.path(), pack);
      IOUtils.closeStream(pack);
      throw e;
    }
    boolean keep =
        kept != null
            || (packs.size() < OPEN_AT_MOST && packs.putIfAbsent(place.path(), pack) == null);
    if (!keep) {
      pack.close();
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    for (FSDataInputStream pack : packs.values()) {
      pack.close();
    }
    packs.clear();
  }
}
