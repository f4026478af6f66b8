package io.github.lsgspark.dataset.media;

import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import java.util.Optional;

/**
 * Decodes the sound of a file in memory: WAV, FLAC, MP3, Ogg and whatever else FFmpeg knows that is
 * all in one file, films included. The sound is resampled, and its channels are averaged, whatever
 * they are called. For several threads.
 */
public final class SoundDecoder {

  /** Part of a stated length that may be missing: encoders round it, and damage may be bridged. */
  private static final double MISSING_SHARE = 0.1;

  private static final double MISSING_SECONDS = 0.05;

  private SoundDecoder() {}

  /**
   * Decodes a whole file, or refuses it as soon as it is known to be too long.
   *
   * @param content of the file
   * @param rate samples per second that are wanted
   * @param maxSeconds a longer sound is refused
   * @return the mean of the channels; full scale is 1, which formats of floats may exceed
   * @throws UnreadableSampleException NOT_MEDIA, NO_STREAM or DAMAGED as FFmpeg finds it; DAMAGED
   *     for values that are no numbers, too; TRUNCATED if a tenth of the length is missing that the
   *     file states; TOO_SHORT without a single sample; TOO_LONG
   */
  public static float[] decode(byte[] content, int rate, double maxSeconds)
      throws UnreadableSampleException {
    byte[] readable = readable(content);
    try (MediaFile file = MediaFile.open(readable, MediaFile.Track.SOUND);
        MonoResampler resampler = new MonoResampler(rate, (long) Math.ceil(maxSeconds * rate))) {
      float[] samples = decode(file, resampler, rate, maxSeconds);
      if (samples.length == 0) {
        throw nothing();
      }
      checkNumbers(samples);
      return samples;
    }
  }

  /** Takes the windows of a sound in their order. */
  public interface Windows {

    /**
     * Takes a window.
     *
     * @param window its samples; fewer than a window has only of a shorter sound
     * @param first number of its first sample in the sound
     */
    void take(float[] window, long first) throws UnreadableSampleException;
  }

  /**
   * Decodes a file of any length window by window; one window and one step of it are in memory at a
   * time. The last window ends with the sound.
   *
   * @param length samples of a window
   * @param step samples between the starts of two
   * @return seconds of the whole sound
   * @throws UnreadableSampleException as {@link #decode}, but for TOO_LONG, also after windows were
   *     taken
   */
  public static double windows(byte[] content, int rate, int length, int step, Windows sink)
      throws UnreadableSampleException {
    byte[] readable = readable(content);
    try (MediaFile file = MediaFile.open(readable, MediaFile.Track.SOUND);
        MonoResampler resampler = new MonoResampler(rate, Integer.MAX_VALUE - 1L)) {
      SoundWindows windows = new SoundWindows(resampler, length, step, sink);
      try {
        file.decode(windows::take);
      } catch (UnreadableSampleException e) {
        throw cause(file, (double) windows.end() / rate, e);
      }
      double seconds = (double) windows.finish() / rate;
      if (seconds == 0) {
        throw nothing();
      }
      checkWhole(file, seconds);
      return seconds;
    }
  }

  /** The last packet of a short file that was cut off is a large share of all. */
  private static UnreadableSampleException cause(
      MediaFile file, double seconds, UnreadableSampleException e)
      throws UnreadableSampleException {
    if (e.reason() == Reason.DAMAGED && seconds > 0) {
      checkWhole(file, seconds);
    }
    return e;
  }

  private static UnreadableSampleException nothing() {
    return new UnreadableSampleException(Reason.TOO_SHORT, "holds no sound: 0 seconds");
  }

  private static byte[] readable(byte[] content) throws UnreadableSampleException {
    Optional<SoundBytes> sound = SoundBytes.of(content);
    requireBytes(
        Math.max(
            ContainerEnd.missingShare(content),
            sound.map(bytes -> bytes.missingShare(content.length)).orElse(0.0)));
    byte[] readable = WavFormat.readable(content);
    return readable == content && sound.isPresent() ? sound.get().stating(content) : readable;
  }

  private static void requireBytes(double lacking) throws UnreadableSampleException {
    if (lacking > MISSING_SHARE) {
      throw new UnreadableSampleException(
          Reason.TRUNCATED,
          String.format("lacks %.0f %% of the bytes that it states", 100 * lacking));
    }
  }

  private static float[] decode(
      MediaFile file, MonoResampler resampler, int rate, double maxSeconds)
      throws UnreadableSampleException {
    try {
      file.decode(
          frame -> {
            resampler.take(frame);
            if (resampler.isFull()) {
              throw new UnreadableSampleException(
                  Reason.TOO_LONG, "lasts more than " + maxSeconds + " seconds");
            }
            return true;
          });
    } catch (UnreadableSampleException e) {
      throw cause(file, resampler.seconds(), e);
    }
    float[] samples = resampler.finish();
    checkWhole(file, (double) samples.length / rate);
    return samples;
  }

  private static void checkWhole(MediaFile file, double seconds) throws UnreadableSampleException {
    double stated = file.statedSeconds();
    double missing = stated - seconds;
    if (missing > MISSING_SECONDS && missing > MISSING_SHARE * stated) {
      throw new UnreadableSampleException(
          Reason.TRUNCATED,
          String.format(
              "states a length of %.2f seconds, but %.2f could be decoded", stated, seconds));
    }
  }

  private static void checkNumbers(float[] samples) throws UnreadableSampleException {
    for (float sample : samples) {
      if (!Float.isFinite(sample)) {
        throw new UnreadableSampleException(Reason.DAMAGED, "holds values that are no numbers");
      }
    }
  }
}
