package io.github.lsgspark.dataset;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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

  /**
   * Opens a whole file. One of this machine is opened as it is: Hadoop knows no names with a colon.
   */
  InputStream open(String path) throws IOException {
    Place place = new Place(path, 0, Place.WHOLE);
    if (!isLocal(place)) {
      return open(place);
    }
    NativeNames.require(path);
    try {
      return Files.newInputStream(local(path));
    } catch (NoSuchFileException e) {
      FileNotFoundException missing = new FileNotFoundException(path);
      missing.initCause(e);
      throw missing;
    }
  }

  private java.nio.file.Path local(String path) throws IOException {
    Path whole = new Path(path);
    return java.nio.file.Path.of(
        whole.getFileSystem(hadoop).makeQualified(whole).toUri().getPath());
  }

  /** The place that a reference means: a file that is only called like a piece is whole. */
  Place existing(String reference) throws IOException {
    Place place = Place.of(reference);
    Place whole = new Place(reference, 0, Place.WHOLE);
    return !place.isWhole() && isLocal(whole) && Files.isRegularFile(local(reference))
        ? whole
        : place;
  }

  /**
   * Bytes of a whole file, or of a piece.
   *
   * @throws FileNotFoundException if there is no such file
   */
  long length(Place place) throws IOException {
    if (!place.isWhole()) {
      return place.length();
    }
    Path path = new Path(place.path());
    if (!isLocal(place)) {
      return path.getFileSystem(hadoop).getFileStatus(path).getLen();
    }
    try {
      if (Files.isDirectory(local(place.path()))) {
        throw new FileNotFoundException(place.path() + ": is a folder");
      }
      return Files.size(local(place.path()));
    } catch (NoSuchFileException e) {
      FileNotFoundException missing = new FileNotFoundException(place.path());
      missing.initCause(e);
      throw missing;
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
    try (InputStream in = open(place.path())) {
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
