package io.github.lsgspark.dataset;

import io.github.lsgspark.dataset.modality.FileEndings;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Videos as folders of pictures: class/video/frame. Each becomes one sample, a zip of its frames.
 */
final class FrameFolders {
  private FrameFolders() {}

  /**
   * Puts the frames of a folder together. Files that are no pictures, and pictures that lie
   * directly in a class folder, stay as they are.
   *
   * @param entries files of a folder with split and label, whose ids are their paths
   * @param depth folders above a file down to its class folder
   */
  static List<SourceEntry> grouped(List<SourceEntry> entries, ToIntFunction<SourceEntry> depth) {
    Map<String, SourceEntry> grouped = new LinkedHashMap<>();
    for (SourceEntry entry : entries) {
      boolean frame =
          entry.kind() == SourceEntry.Kind.FILE
              && FileEndings.isPicture(entry.id())
              && entry.id().chars().filter(c -> c == '/').count() > depth.applyAsInt(entry);
      String id = frame ? parent(entry.id()) : entry.id();
      grouped.putIfAbsent(
          id,
          frame
              ? SourceEntry.frames(id, entry.label(), entry.split(), parent(entry.location()))
              : entry);
    }
    return new ArrayList<>(grouped.values());
  }

  private static String parent(String path) {
    return path.substring(0, path.lastIndexOf('/'));
  }

  /**
   * The pictures of a folder as one archive.
   *
   * @param maxBytes of all of them
   */
  static byte[] read(String folder, Configuration hadoop, long maxBytes)
      throws IOException, UnreadableSampleException {
    Path path = new Path(folder);
    FileSystem files = path.getFileSystem(hadoop);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    long left = maxBytes;
    try (ZipOutputStream archive = new ZipOutputStream(bytes);
        PlaceReader reader = new PlaceReader(hadoop)) {
      // Pictures are compressed already.
      archive.setLevel(0);
      for (FileStatus file : files.listStatus(path)) {
        String name = file.getPath().getName();
        if (!file.isFile() || name.startsWith(".") || !FileEndings.isPicture(name)) {
          continue;
        }
        left -= file.getLen();
        if (left < 0) {
          throw new UnreadableSampleException(
              Reason.TOO_MANY_BYTES, "the frames have more than " + maxBytes + " bytes");
        }
        archive.putNextEntry(new ZipEntry(name));
        try (InputStream in = reader.open(file.getPath().toString())) {
          in.transferTo(archive);
        }
        archive.closeEntry();
      }
    }
    return bytes.toByteArray();
  }
}
