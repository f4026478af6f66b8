package io.github.lsgspark.dataset.modality;

import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import java.util.List;

/**
 * Frames of a video, all of one size, in the order of their times.
 *
 * @param source size of the frames in the file, upright
 * @param size at which they are kept
 * @param frames rows of pixels, three bytes each, of every frame; at least one
 * @param seconds from the first frame to the end of the last, before any were left out
 */
@SuppressWarnings("ArrayRecordComponent")
public record Clip(FrameSize source, FrameSize size, byte[][] frames, double seconds)
    implements Decoded {

  /**
   * A clip of frames, at least one.
   *
   * @param source size of the frames in the file, upright
   * @throws UnreadableSampleException CHANGING_SIZE if they do not agree in size
   */
  public static Clip of(FrameSize source, List<DecodedImage> frames, double seconds)
      throws UnreadableSampleException {
    DecodedImage first = frames.get(0);
    byte[][] pixels = new byte[frames.size()][];
    for (int i = 0; i < pixels.length; i++) {
      DecodedImage frame = frames.get(i);
      if (frame.width() != first.width() || frame.height() != first.height()) {
        throw changingSize(i, frame.width(), frame.height(), first.width(), first.height());
      }
      pixels[i] = frame.rgb();
    }
    return new Clip(source, new FrameSize(first.width(), first.height()), pixels, seconds);
  }

  /**
   * A single frame lasts no time.
   *
   * @param frames of a video, before any are left out
   * @throws UnreadableSampleException TOO_SHORT if there are fewer than two
   */
  public static void requireFrames(long frames) throws UnreadableSampleException {
    if (frames < 2) {
      throw new UnreadableSampleException(
          Reason.TOO_SHORT, frames + " frames, at least 2 make a video");
    }
  }

  /** Why a video of which a frame has another size than the first is set aside. */
  public static UnreadableSampleException changingSize(
      long frame, int width, int height, int firstWidth, int firstHeight) {
    return new UnreadableSampleException(
        Reason.CHANGING_SIZE,
        "frame %d has %d x %d pixels, the first has %d x %d"
            .formatted(frame, width, height, firstWidth, firstHeight));
  }

  /** One of the frames, without a copy. */
  public DecodedImage frame(int index) {
    return new DecodedImage(size.width(), size.height(), frames[index]);
  }

  @Override
  public int width() {
    return source.width();
  }

  @Override
  public int height() {
    return source.height();
  }

  @Override
  public long bytes() {
    return 3L * size.width() * size.height() * frames.length;
  }

  /** The frame in the middle. */
  @Override
  public DecodedImage picture() {
    return frame(frames.length / 2);
  }
}
