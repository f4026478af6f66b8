package io.github.lsgspark.dataset.published;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.RelativePath;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;
import org.apache.hadoop.fs.Path;

/** Archives as they are downloaded: zip, and tar compressed by gzip or not; read in one pass. */
final class Archives {
  /** Pictures and sounds hardly shrink; what grows beyond this was made to fill a disk. */
  private static final long MAX_GROWTH = 100;

  private static final long ALWAYS_ALLOWED_BYTES = 1L << 28;

  private Archives() {}

  static boolean isNamed(String path) {
    String name = path.toLowerCase(Locale.ROOT);
    return name.endsWith(".tar.gz")
        || name.endsWith(".tgz")
        || name.endsWith(".tar")
        || isZip(name);
  }

  private static boolean isZip(String name) {
    return name.toLowerCase(Locale.ROOT).endsWith(".zip");
  }

  /**
   * Copies all files of an archive.
   *
   * @return the piece of each file by its name in the archive
   * @throws LsgException exit 3 if the archive is damaged or ends early, unpacks to more than a
   *     hundred times its size, or has a name that leads out of it
   */
  static Map<String, String> unpack(String archive, HadoopFiles files, Scratch scratch) {
    Map<String, String> pieces = new LinkedHashMap<>();
    long allowed = Math.max(ALWAYS_ALLOWED_BYTES, MAX_GROWTH * files.length(archive));
    try (ArchiveInputStream in = opened(archive, files.open(archive));
        Scratch.Pack pack = scratch.create(new Path(archive).getName())) {
      Bounded content = new Bounded(in, allowed, archive);
      ArchiveEntry entry = in.getNextEntry();
      while (entry != null) {
        if (isFile(entry)) {
          content.name = entry.getName();
          content.take(Math.max(0, entry.getSize()), false);
          pieces.put(RelativePath.inside(entry.getName(), archive), pack.add(content));
        }
        entry = in.getNextEntry();
      }
    } catch (IOException e) {
      throw LsgException.input(
          archive + ": cannot be unpacked, after " + pieces.size() + " files: " + e.getMessage(),
          e);
    }
    return pieces;
  }

  private static boolean isFile(ArchiveEntry entry) {
    return entry instanceof TarArchiveEntry tar ? tar.isFile() : !entry.isDirectory();
  }

  private static ArchiveInputStream opened(String archive, InputStream in) throws IOException {
    InputStream buffered = new BufferedInputStream(in, 1 << 16);
    if (isZip(archive)) {
      return new ZipArchiveInputStream(buffered);
    }
    return new TarArchiveInputStream(
        archive.toLowerCase(Locale.ROOT).endsWith("gz")
            ? new GZIPInputStream(buffered, 1 << 16)
            : buffered);
  }

  /** What is read of all files together, up to a bound. */
  private static final class Bounded extends FilterInputStream {
    private final String archive;
    private final long allowed;
    private long read;
    private String name = "";

    Bounded(InputStream in, long allowed, String archive) {
      super(in);
      this.allowed = allowed;
      this.archive = archive;
    }

    /**
     * @param counted whether these bytes have been read, or are only announced
     */
    private void take(long bytes, boolean counted) {
      if (read + bytes > allowed) {
        throw LsgException.input(
            archive
                + ": unpacks to more than "
                + MAX_GROWTH
                + " times its size, at "
                + RelativePath.printable(name));
      }
      read += counted ? bytes : 0;
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      take(value < 0 ? 0 : 1, true);
      return value;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count = super.read(target, offset, length);
      take(Math.max(0, count), true);
      return count;
    }
  }
}
