package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * What networks see of sounds: a window of a log-mel spectrogram.
 *
 * @param rate samples per second that every sound is resampled to
 * @param seconds that a view lasts; shorter sounds are filled up
 * @param fill what a shorter sound is filled up with
 * @param clips windows by which a longer sound is evaluated, evenly spaced
 * @param minSeconds shorter sounds are set aside
 * @param maxSeconds longer sounds are set aside
 * @param silence largest amplitude, of 1, of a sound that is set aside as silent
 */
public record AudioSettings(
    @Range(min = 1000, max = 192000) int rate,
    @Range(min = 0.05, max = 600) double seconds,
    Fill fill,
    @Range(min = 1, max = 1000) int clips,
    @Range(min = 0, max = 600) double minSeconds,
    @Range(min = 0.05, max = 86400) double maxSeconds,
    @Range(min = 0, max = 1) double silence,
    MelSettings mel,
    AudioAugmentationSettings augmentation)
    implements Serializable {

  /** Samples that one array holds with room to spare. */
  private static final double LONGEST = 1e9;

  public AudioSettings {
    if (mel.high() > rate / 2.0) {
      throw new IllegalArgumentException(
          "mel.high must be at most half of rate, " + rate / 2.0 + ", but was: " + mel.high());
    }
    if (seconds * rate < mel.fft()) {
      throw new IllegalArgumentException(
          "seconds must be at least mel.fft / rate = "
              + (double) mel.fft() / rate
              + ", but was: "
              + seconds);
    }
    if (seconds * rate > LONGEST || maxSeconds * rate > LONGEST) {
      throw new IllegalArgumentException(
          "seconds and max-seconds must be at most " + LONGEST / rate + " at this rate");
    }
    if (minSeconds > maxSeconds) {
      throw new IllegalArgumentException(
          "min-seconds must be at most max-seconds, " + maxSeconds + ", but was: " + minSeconds);
    }
  }

  /** What stands before and behind a sound that is shorter than a view. */
  public enum Fill {
    ZEROS,
    REPEAT
  }

  /** Samples of a view. */
  public int length() {
    return (int) Math.round(seconds * rate);
  }

  /** Frames of a view. */
  public int frames() {
    return mel.frames(length());
  }

  /**
   * The log-mel spectrogram: windows of the sound, their power spectra, sums over triangular bands,
   * and the logarithm.
   *
   * @param kind how the sound is cut and what bands are
   * @param window samples of the Hann window
   * @param fft samples that are transformed, the window in their middle
   * @param hop samples from one window to the next
   * @param bands M
   * @param low lowest frequency in Hz
   * @param high highest frequency in Hz; 0: half the rate
   * @param floor the power that stands for silence: added to it or its lower bound
   * @param scale of the power
   * @param mean subtracted from a spectrogram's values
   * @param deviation that they are then divided by
   */
  public record MelSettings(
      Kind kind,
      @Range(min = 16, max = 65536) int window,
      @Range(min = 16, max = 65536) int fft,
      @Range(min = 1, max = 65536) int hop,
      @Range(min = 1, max = 1024) int bands,
      @Range(min = 0, max = 96000) double low,
      @Range(min = 0, max = 96000) double high,
      @Range(min = 1e-30, max = 1) double floor,
      Scale scale,
      double mean,
      @Range(min = 1e-9, max = 1e9) double deviation)
      implements Serializable {

    public MelSettings {
      if (fft < window) {
        throw new IllegalArgumentException(
            "fft must be at least window, " + window + ", but was: " + fft);
      }
      if (high != 0 && high <= low) {
        throw new IllegalArgumentException(
            "high must be above low, " + low + ", or 0, but was: " + high);
      }
    }

    /**
     * How many frames so many samples give; at least one.
     *
     * @param samples at least {@code fft} of them
     */
    public int frames(int samples) {
      return 1 + (kind == Kind.KALDI ? samples - window : samples) / hop;
    }

    /** The usual front ends. */
    public enum Kind {
      /**
       * As librosa and PANNs: a frame at every hop, the first and the last centred on the ends,
       * beyond which the sound is reflected; Slaney's mel scale, bands of equal area.
       */
      SLANEY,
      /**
       * As torchaudio: frames as SLANEY has them; mel = 2595 log10(1 + Hz / 700), bands of equal
       * height.
       */
      HTK,
      /**
       * As Kaldi's fbank, which AST was trained with: frames within the sound only, each less its
       * mean and with high frequencies raised; mel = 1127 ln(1 + Hz / 700), bands of equal height.
       */
      KALDI
    }

    /** How power becomes a number. */
    public enum Scale {
      /** ln(power + floor); of Kaldi's front end ln(max(power, floor)). */
      NATURAL,
      /** 10 log10(max(power, floor)). */
      DECIBEL
    }
  }

  /**
   * What changes a training view. Weak views have shift, gain and noise; strong ones masks as well
   * (SpecAugment, Park et al., Interspeech 2019).
   *
   * @param shift largest share of a view that a sound of its length is moved by, either way, round
   *     its end
   * @param gain largest change of loudness in decibels, either way
   * @param noise smallest distance of white noise below the sound's power in decibels; it is drawn
   *     between this and twice this; 0: no noise
   * @param timeMasks number of masks over time
   * @param timeMask largest share of the frames that one covers
   * @param bandMasks number of masks over bands
   * @param bandMask largest share of the bands that one covers
   */
  public record AudioAugmentationSettings(
      @Range(min = 0, max = 1) double shift,
      @Range(min = 0, max = 60) double gain,
      @Range(min = 0, max = 120) double noise,
      @Range(min = 0, max = 100) int timeMasks,
      @Range(min = 0, max = 1) double timeMask,
      @Range(min = 0, max = 100) int bandMasks,
      @Range(min = 0, max = 1) double bandMask)
      implements Serializable {}
}
