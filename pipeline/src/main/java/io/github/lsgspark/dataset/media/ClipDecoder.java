package io.github.lsgspark.dataset.media;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_side_data_get;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_ATTACHED_PIC;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_display_rotation_get;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.VideoSettings;
import io.github.lsgspark.dataset.modality.Clip;
import io.github.lsgspark.dataset.modality.DecodedImage;
import io.github.lsgspark.dataset.modality.FrameSize;
import io.github.lsgspark.dataset.modality.Orientation;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import java.io.Serializable;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.javacpp.IntPointer;

/**
 * Opens videos: MP4, WebM, AVI and whatever else FFmpeg knows that is all in one file. Frames are
 * thinned by their times and reduced while the file is decoded, so that a clip takes no more than
 * max-frames · 12 · short-side² bytes, however long and large the video is. For several threads.
 *
 * @param maxPixels a video with more pixels per frame is refused before it is decoded
 */
public record ClipDecoder(VideoSettings settings, long maxPixels) implements Serializable {
  /** Where a file gives no times at all. */
  private static final double USUAL_FRAME_RATE = 25;

  /** Durations are rounded in files. */
  private static final double ROUNDING_SECONDS = 0.1;

  /**
   * The frames of a file that are kept.
   *
   * @throws UnreadableSampleException with the reason to set it aside for
   * @throws LsgException exit 4 if the hardware decoder that was asked for is missing
   */
  public Clip decode(byte[] file) throws UnreadableSampleException {
    if (ContainerEnd.isMissing(file)) {
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
    try (MediaFile media = MediaFile.open(file, MediaFile.Track.PICTURES, maxPixels, hardware);
        FrameConverter converter = new FrameConverter(settings.shortSide())) {
      if ((media.stream().disposition() & AV_DISPOSITION_ATTACHED_PIC) != 0) {
        throw new UnreadableSampleException(
            Reason.NO_STREAM, "the file has no pictures but the cover of a sound");
      }
      double seconds = media.statedSeconds();
      requireNotLonger(seconds);
      Pass pass = new Pass(media.stream(), converter, distance(seconds));
      media.decode(pass);
      return pass.clip();
    }
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
    private final FrameConverter converter;
    private final FrameThinning thinning;
    private final double unit;
    private final double usualDistance;
    private final int quarters;
    private long frames;
    private int width;
    private int height;
    private double first;
    private double last;

    Pass(AVStream stream, FrameConverter converter, double distance) {
      this.converter = converter;
      thinning = new FrameThinning(distance, settings.maxFrames());
      unit = ratio(stream.time_base());
      double rate = ratio(stream.avg_frame_rate());
      usualDistance = 1 / (rate > 0 ? rate : USUAL_FRAME_RATE);
      quarters = quarters(stream.codecpar());
    }

    private static double ratio(AVRational fraction) {
      return fraction.den() == 0 ? 0 : (double) fraction.num() / fraction.den();
    }

    @Override
    public boolean take(AVFrame frame) throws UnreadableSampleException {
      if (frames == 0) {
        width = frame.width();
        height = frame.height();
      } else if (frame.width() != width || frame.height() != height) {
        throw Clip.changingSize(frames, frame.width(), frame.height(), width, height);
      }
      double time = time(frame);
      if (frames++ == 0) {
        first = time;
      }
      last = time;
      requireNotLonger(time - first);
      if (thinning.wants(time - first)) {
        DecodedImage picture = converter.convert(frame);
        thinning.keep(time - first, Orientation.turned(picture, quarters));
      }
      return true;
    }

    /** Seconds; of a frame without a time the usual distance behind the one before. */
    private double time(AVFrame frame) {
      long stamp = frame.best_effort_timestamp();
      if (stamp == AV_NOPTS_VALUE) {
        return frames == 0 ? 0 : last + usualDistance;
      }
      return frames == 0 ? stamp * unit : Math.max(last, stamp * unit);
    }

    Clip clip() throws UnreadableSampleException {
      Clip.requireFrames(frames);
      double each = (last - first) / (frames - 1);
      FrameSize source =
          quarters % 2 == 0 ? new FrameSize(width, height) : new FrameSize(height, width);
      return Clip.of(source, thinning.frames(), last - first + each);
    }
  }

  /** Quarters of a circle that pictures must be turned to the right. */
  private static int quarters(AVCodecParameters parameters) {
    AVPacketSideData matrix =
        parameters.nb_coded_side_data() == 0
            ? null
            : av_packet_side_data_get(
                parameters.coded_side_data(),
                parameters.nb_coded_side_data(),
                AV_PKT_DATA_DISPLAYMATRIX);
    if (matrix == null || matrix.isNull()) {
      return 0;
    }
    double left = av_display_rotation_get(new IntPointer(matrix.data()));
    return Double.isNaN(left) ? 0 : Math.floorMod(Math.round(-left / 90), 4);
  }
}
