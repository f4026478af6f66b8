package io.github.lsgspark.dataset.published;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.RelativePath;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.hadoop.fs.Path;

/** A tar archive, compressed by gzip or not: readable only from its start to its end. */
final class TarArchive {
  /** Pictures hardly shrink; what grows beyond this was made to fill a disk. */
  private static final long MAX_GROWTH = 100;

  private static final long ALWAYS_ALLOWED_BYTES = 1L << 28;

  private TarArchive() {}

  static boolean isNamed(String path) {
    String name = path.toLowerCase(Locale.ROOT);
    return name.endsWith(".tar.gz") || name.endsWith(".tgz") || name.endsWith(".tar");
  }

  /**
   * Copies all files of an archive, in one pass.
   *
   * @return the piece of each file by its name in the archive
   * @throws LsgException exit 3 if the archive is damaged or ends early, unpacks to more than a
   *     hundred times its size, or has a name that leads out of it
   */
  static Map<String, String> unpack(String archive, HadoopFiles files, Scratch scratch) {
    Map<String, String> pieces = new LinkedHashMap<>();
    long left = Math.max(ALWAYS_ALLOWED_BYTES, MAX_GROWTH * files.length(archive));
    try (TarArchiveInputStream tar =
            new TarArchiveInputStream(decompressed(archive, files.open(archive)));
        Scratch.Pack pack = scratch.create(new Path(archive).getName())) {
      TarArchiveEntry entry = (TarArchiveEntry) tar.getNextEntry();
      while (entry != null) {
        if (entry.isFile()) {
          left -= entry.getSize();
          if (left < 0) {
            throw LsgException.input(
                archive
                    + ": unpacks to more than "
                    + MAX_GROWTH
                    + " times its size, at "
                    + RelativePath.printable(entry.getName()));
          }
          pieces.put(RelativePath.inside(entry.getName(), archive), pack.add(tar));
        }
        entry = (TarArchiveEntry) tar.getNextEntry();
      }
    } catch (IOException e) {
      throw LsgException.input(
          archive + ": cannot be unpacked, after " + pieces.size() + " files: " + e.getMessage(),
          e);
    }
    return pieces;
  }

  private static InputStream decompressed(String archive, InputStream in) throws IOException {
    InputStream buffered = new BufferedInputStream(in, 1 << 16);
    return archive.toLowerCase(Locale.ROOT).endsWith("gz")
        ? new GZIPInputStream(buffered, 1 << 16)
        : buffered;
  }
}
