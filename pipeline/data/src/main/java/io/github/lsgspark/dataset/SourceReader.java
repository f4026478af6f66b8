package io.github.lsgspark.dataset;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import io.github.lsgspark.storage.RelativePath;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.AccessControlException;

/** Reads the bytes of entries; runs on executors and keeps archives and packs open until closed. */
final class SourceReader implements AutoCloseable {
  private final Configuration hadoop;
  private final long maxBytes;
  private final SyntheticSource drawn;
  private final PlaceReader files;
  private final Map<String, ZipFile> archives = new HashMap<>();

  SourceReader(Configuration hadoop, long maxBytes, DataSettings data) {
    this.hadoop = hadoop;
    this.maxBytes = maxBytes;
    this.drawn = new SyntheticSource(data);
    this.files = new PlaceReader(hadoop);
  }

  byte[] read(SourceEntry entry) throws IOException, UnreadableSampleException {
    return switch (entry.kind()) {
      case DRAWN -> drawn.make(entry);
      case FILE, SCRATCH -> file(entry);
      case FRAMES -> FrameFolders.read(entry.location(), hadoop, maxBytes);
      case ARCHIVE_MEMBER -> member(entry);
      case MISSING -> throw new UnreadableSampleException(Reason.MISSING_FILE, entry.location());
      case TABLE_ROW ->
          throw new IllegalArgumentException("rows come with their bytes: " + entry.id());
    };
  }

  /** Whether an entry is a file of its own whose name reads as that of a piece of a pack. */
  boolean isCalledLikePiece(SourceEntry entry) throws IOException {
    return !Place.of(entry.location()).isWhole() && files.existing(entry.location()).isWhole();
  }

  private byte[] file(SourceEntry entry) throws IOException, UnreadableSampleException {
    Place place = files.existing(entry.location());
    try {
      requireSize(files.length(place));
      return files.read(place);
    } catch (AccessDeniedException | AccessControlException e) {
      throw new UnreadableSampleException(
          Reason.NO_PERMISSION, RelativePath.printable(entry.location()));
    } catch (FileNotFoundException e) {
      if (files.isLocal(place)) {
        NativeNames.require(place.path());
      }
      throw new UnreadableSampleException(
          Reason.MISSING_FILE,
          RelativePath.printable(
              entry.location()
                  + (e.getMessage().endsWith(": is a folder") ? ": is a folder" : "")));
    }
  }

  private byte[] member(SourceEntry entry) throws IOException, UnreadableSampleException {
    ZipFile archive = archives.get(entry.location());
    if (archive == null) {
      archive = LocalArchives.open(entry.location(), hadoop);
      archives.put(entry.location(), archive);
    }
    ZipEntry member = archive.getEntry(entry.member());
    if (member == null) {
      throw new UnreadableSampleException(Reason.MISSING_FILE, entry.member());
    }
    requireSize(member.getSize());
    try (InputStream in = archive.getInputStream(member)) {
      byte[] bytes = in.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, maxBytes + 1));
      requireSize(bytes.length);
      return bytes;
    } catch (java.util.zip.ZipException e) {
      throw new UnreadableSampleException(Reason.DAMAGED, e.getMessage());
    }
  }

  private void requireSize(long bytes) throws UnreadableSampleException {
    if (bytes > maxBytes) {
      throw new UnreadableSampleException(
          Reason.TOO_MANY_BYTES, bytes + " bytes, at most " + maxBytes + " are allowed");
    }
  }

  @Override
  public void close() throws IOException {
    files.close();
    for (ZipFile archive : archives.values()) {
      archive.close();
    }
  }
}
