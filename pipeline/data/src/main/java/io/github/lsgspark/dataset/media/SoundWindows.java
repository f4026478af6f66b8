package io.github.lsgspark.dataset.media;

import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Cuts windows of one length out of a sound while it is decoded, so that of a recording of hours no
 * more than a window and a step are in memory. The last window ends with the sound; a sound that is
 * shorter than a window is one window. For one thread.
 */
final class SoundWindows {

  private final MonoResampler resampler;
  private final int length;
  private final int step;
  private final SoundDecoder.Windows sink;

  /** Number of the first sample that the resampler holds. */
  private long start;

  /** Number of the first sample of the next window. */
  private long next;

  /** Number of the first sample after the last window; 0 before the first. */
  private long covered;

  /**
   * @param length samples of a window
   * @param step samples between the starts of two
   */
  SoundWindows(MonoResampler resampler, int length, int step, SoundDecoder.Windows sink) {
    this.resampler = resampler;
    this.length = length;
    this.step = step;
    this.sink = sink;
  }

  /** Adds a frame, and hands on the windows that it completes. */
  boolean take(AVFrame frame) throws UnreadableSampleException {
    resampler.take(frame);
    give();
    return true;
  }

  /** How many samples came so far. */
  long end() {
    return start + resampler.count();
  }

  private void give() throws UnreadableSampleException {
    while (end() >= next + length) {
      drop(next);
      give(next, length);
      covered = next + length;
      next += step;
    }
    // Steps longer than a window: what lies between is passed over, but for a last window's.
    long kept = Math.min(next, end() - length);
    if (kept - start >= length) {
      drop(kept);
    }
  }

  /** Forgets what lies before a sample. */
  private void drop(long first) {
    resampler.drop((int) (first - start));
    start = first;
  }

  private void give(long first, int size) throws UnreadableSampleException {
    float[] window = resampler.piece((int) (first - start), size);
    for (float sample : window) {
      if (!Float.isFinite(sample)) {
        throw new UnreadableSampleException(Reason.DAMAGED, "holds values that are no numbers");
      }
    }
    sink.take(window, first);
  }

  /**
   * Hands on the last window.
   *
   * @return samples of the whole sound
   */
  long finish() throws UnreadableSampleException {
    resampler.end();
    give();
    long total = end();
    if (covered == 0 && total > 0) {
      give(0, (int) total);
    } else if (total > covered) {
      give(total - length, length);
    }
    return total;
  }
}
