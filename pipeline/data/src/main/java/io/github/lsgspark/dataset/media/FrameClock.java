package io.github.lsgspark.dataset.media;

import static org.bytedeco.ffmpeg.global.avformat.AVFMT_TS_DISCONT;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVRational;

/**
 * The times of a stream's frames from the first one on, whatever its clock showed then. Where the
 * clock begins anew, as in recordings that were put end to end, what follows is laid behind what
 * was there. Never runs backwards.
 */
final class FrameClock {

  /** Where a file gives no times at all. */
  private static final double USUAL_FRAME_RATE = 25;

  /** Frames that a clock goes back by when it begins anew; less is disorder. */
  private static final double ANEW = 1.5;

  /** As in FFmpeg's tool: in formats whose clocks may jump, more is a jump and not a pause. */
  private static final double LONGEST_PAUSE_SECONDS = 10;

  private final double unit;
  private final double usualDistance;
  private final double longestPause;
  private double origin = Double.NaN;
  private double now;
  private long frames;
  private double steps;
  private long counted;

  /** Of a stream. */
  FrameClock(AVFormatContext format, AVStream stream) {
    this(
        ratio(stream.time_base()),
        ratio(stream.avg_frame_rate()),
        (format.iformat().flags() & AVFMT_TS_DISCONT) != 0);
  }

  /**
   * @param unit of stamps in seconds
   * @param rate frames per second that the container states; 0: it states none
   * @param jumps whether the container's clock may jump ahead
   */
  FrameClock(double unit, double rate, boolean jumps) {
    this.unit = unit;
    usualDistance = 1 / (rate > 0 ? rate : USUAL_FRAME_RATE);
    longestPause = jumps ? LONGEST_PAUSE_SECONDS : Double.POSITIVE_INFINITY;
  }

  private static double ratio(AVRational fraction) {
    return fraction.den() == 0 ? 0 : (double) fraction.num() / fraction.den();
  }

  /**
   * Seconds from the first frame to the next one.
   *
   * @param stamp what the stream's clock shows at that frame; AV_NOPTS_VALUE: unknown
   */
  double next(long stamp) {
    boolean first = frames++ == 0;
    if (stamp == AV_NOPTS_VALUE) {
      now += first ? 0 : distance();
      return now;
    }
    double shown = stamp * unit;
    if (Double.isNaN(origin)) {
      now += first ? 0 : distance();
      origin = now - shown;
      return now;
    }
    double step = origin + shown - now;
    if (step < -ANEW * distance() || step > longestPause) {
      now += distance();
      origin = now - shown;
    } else if (step > 0) {
      now += step;
      steps += step;
      counted++;
    }
    return now;
  }

  /** Mean seconds from frame to frame; before it is known, what the container says. */
  private double distance() {
    return counted == 0 ? usualDistance : steps / counted;
  }

  long frames() {
    return frames;
  }

  /** From the first frame to the end of the last. */
  double seconds() {
    return frames == 0 ? 0 : now + distance();
  }
}
