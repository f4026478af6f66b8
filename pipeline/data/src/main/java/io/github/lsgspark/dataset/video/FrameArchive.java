package io.github.lsgspark.dataset.video;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.VideoSettings;
import io.github.lsgspark.dataset.image.ImageDecoder;
import io.github.lsgspark.dataset.image.Resampler;
import io.github.lsgspark.dataset.modality.Clip;
import io.github.lsgspark.dataset.modality.DecodedImage;
import io.github.lsgspark.dataset.modality.FileEndings;
import io.github.lsgspark.dataset.modality.FrameSize;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import io.github.lsgspark.storage.RelativePath;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * A folder of frames as one sample: a zip of pictures, in the order of their names, numbers in them
 * by their value (frame2 before frame10). Passed over are names that begin with a dot and, where
 * any name has the ending of a picture, those that have not.
 *
 * @param maxBytes that the frames may have in all, unpacked
 */
record FrameArchive(VideoSettings settings, ImageDecoder decoder, long maxBytes)
    implements Serializable {
  private static final Pattern NUMBER = Pattern.compile("\\d+");
  private static final int NUMBER_WIDTH = 20;

  /** "PK", 5, 6: the last record of a zip, of 22 bytes and a comment of at most 65535. */
  private static final int END = 0x504B0506;

  private static final int END_BYTES = 22;
  private static final int LONGEST_COMMENT = 0xFFFF;

  /** Whether a file is a zip archive. */
  static boolean is(byte[] file) {
    return file.length >= 2 && file[0] == 'P' && file[1] == 'K';
  }

  /**
   * Opens the frames. Of more than max-frames, evenly spaced ones are kept; frame-rate, which a
   * folder does not have, is taken to be its own.
   */
  Clip decode(byte[] file) throws UnreadableSampleException {
    List<byte[]> encoded = encoded(file);
    Clip.requireFrames(encoded.size());
    int kept = Math.min(encoded.size(), settings.maxFrames());
    List<DecodedImage> frames = new ArrayList<>();
    DecodedImage first = null;
    for (int i = 0; i < kept; i++) {
      int index = (int) ((long) i * encoded.size() / kept);
      DecodedImage frame = decoder.decode(encoded.get(index));
      first = first == null ? frame : first;
      if (frame.width() != first.width() || frame.height() != first.height()) {
        throw Clip.changingSize(
            index, frame.width(), frame.height(), first.width(), first.height());
      }
      frames.add(reduced(frame));
    }
    FrameSize source = new FrameSize(first.width(), first.height());
    return Clip.of(source, frames, encoded.size() / settings.frameRate());
  }

  private DecodedImage reduced(DecodedImage frame) {
    FrameSize size = FrameSize.reduced(frame.width(), frame.height(), settings.shortSide());
    return size.width() == frame.width() && size.height() == frame.height()
        ? frame
        : Resampler.resized(frame, size.width(), size.height());
  }

  /** Read from its beginning, a zip that was cut off is one with fewer frames. */
  private static void requireEnd(byte[] file) throws UnreadableSampleException {
    ByteBuffer bytes = ByteBuffer.wrap(file);
    int last = file.length - END_BYTES;
    for (int at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--) {
      if (bytes.getInt(at) == END) {
        return;
      }
    }
    throw new UnreadableSampleException(Reason.TRUNCATED, "the zip has no end");
  }

  private List<byte[]> encoded(byte[] file) throws UnreadableSampleException {
    requireEnd(file);
    TreeMap<String, byte[]> byName = new TreeMap<>();
    long left = maxBytes;
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(file))) {
      ZipEntry entry;
      while ((entry = zip.getNextEntry()) != null) {
        String name = RelativePath.inside(entry.getName(), "a zip of frames");
        if (entry.isDirectory() || name.substring(name.lastIndexOf('/') + 1).startsWith(".")) {
          continue;
        }
        byte[] content = zip.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, left + 1));
        left -= content.length;
        if (left < 0) {
          throw new UnreadableSampleException(
              Reason.TOO_MANY_BYTES, "frames of more than " + maxBytes + " bytes");
        }
        byName.put(sortable(name), content);
      }
    } catch (IOException | LsgException e) {
      throw new UnreadableSampleException(Reason.DAMAGED, String.valueOf(e.getMessage()));
    }
    if (byName.keySet().stream().anyMatch(FileEndings::isPicture)) {
      byName.keySet().removeIf(name -> !FileEndings.isPicture(name));
    }
    return List.copyOf(byName.values());
  }

  private static String sortable(String name) {
    return NUMBER
        .matcher(name)
        .replaceAll(
            match ->
                "0".repeat(Math.max(0, NUMBER_WIDTH - match.group().length())) + match.group());
  }
}
