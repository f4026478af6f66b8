package io.github.lsgspark.dataset.media;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.VideoSettings;
import io.github.lsgspark.dataset.modality.Clip;
import io.github.lsgspark.dataset.modality.DecodedImage;
import io.github.lsgspark.dataset.modality.FrameSize;
import io.github.lsgspark.dataset.modality.Orientation;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import java.io.Serializable;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Opens videos: MP4, WebM, AVI and whatever else FFmpeg knows that is all in one file. Frames are
 * thinned by their times and reduced while the file is decoded, so that a clip takes no more than
 * max-frames · 12 · short-side² bytes, however long and large the video is. For several threads.
 *
 * @param maxPixels a video with more pixels per frame is refused before it is decoded
 */
public record ClipDecoder(VideoSettings settings, long maxPixels) implements Serializable {
  /** Durations are rounded in files. */
  private static final double ROUNDING_SECONDS = 0.1;

  /**
   * The frames of a file that are kept.
   *
   * @throws UnreadableSampleException with the reason to set it aside for
   * @throws LsgException exit 4 if the hardware decoder that was asked for is missing
   */
  public Clip decode(byte[] file) throws UnreadableSampleException {
    if (ContainerEnd.missingShare(file) > 0) {
      throw new UnreadableSampleException(
          Reason.TRUNCATED, "the file is shorter than its container says");
    }
    if (settings.hardware().isEmpty()) {
      return decode(file, null);
    }
    try (HardwareDecoder hardware = HardwareDecoder.open(settings.hardware())) {
      return decode(file, hardware);
    }
  }

  private Clip decode(byte[] file, HardwareDecoder hardware) throws UnreadableSampleException {
    double seconds;
    try (MediaFile media = opened(file, hardware)) {
      if (StreamChoice.isCover(media.stream())) {
        throw new UnreadableSampleException(
            Reason.NO_STREAM, "the file has no pictures but the cover of a sound");
      }
      seconds = media.packetSeconds();
    }
    requireNotLonger(seconds);
    try (MediaFile media = opened(file, hardware);
        FrameConverter converter = new FrameConverter(settings.shortSide())) {
      Pass pass = new Pass(media.clock(), converter, seconds);
      media.decode(pass);
      return pass.clip();
    }
  }

  private MediaFile opened(byte[] file, HardwareDecoder hardware) throws UnreadableSampleException {
    return MediaFile.open(file, MediaFile.Track.PICTURES, maxPixels, hardware);
  }

  /** Seconds between frames, so that those of a video as long as stated are not too many. */
  private double distance(double seconds) {
    return Math.max(1 / settings.frameRate(), seconds / settings.maxFrames());
  }

  private void requireNotLonger(double seconds) throws UnreadableSampleException {
    if (seconds > settings.maxSeconds() + ROUNDING_SECONDS) {
      throw new UnreadableSampleException(
          Reason.TOO_LONG,
          "%.1f s, at most %.1f s are allowed".formatted(seconds, settings.maxSeconds()));
    }
  }

  /** One way through a video. */
  private final class Pass implements MediaFile.Sink {
    private final FrameClock clock;
    private final FrameConverter converter;
    private final FrameThinning thinning;
    private int width;
    private int height;
    private int orientation;

    Pass(FrameClock clock, FrameConverter converter, double seconds) {
      this.clock = clock;
      this.converter = converter;
      thinning = new FrameThinning(distance(seconds), settings.maxFrames(), seconds);
    }

    @Override
    public boolean take(AVFrame frame) throws UnreadableSampleException {
      if (clock.frames() == 0) {
        width = frame.width();
        height = frame.height();
        orientation = FrameOrientation.of(frame);
      } else if (frame.width() != width || frame.height() != height) {
        throw Clip.changingSize(clock.frames(), frame.width(), frame.height(), width, height);
      }
      double time = clock.next(frame.best_effort_timestamp());
      requireNotLonger(time);
      if (thinning.wants(time)) {
        DecodedImage picture = converter.convert(frame);
        thinning.keep(time, Orientation.apply(picture, FrameOrientation.of(frame)));
      }
      return true;
    }

    Clip clip() throws UnreadableSampleException {
      Clip.requireFrames(clock.frames());
      FrameSize source =
          FrameOrientation.isLying(orientation)
              ? new FrameSize(height, width)
              : new FrameSize(width, height);
      return Clip.of(source, thinning.frames(), clock.seconds());
    }
  }
}
