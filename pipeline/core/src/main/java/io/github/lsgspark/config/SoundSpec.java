package io.github.lsgspark.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.lsgspark.config.AudioSettings.MelSettings;
import java.io.Serializable;
import java.util.Locale;

/**
 * What a network sees of sounds: a stretch of samples, or its spectrogram. As the settings say it,
 * or the file beside a published network's weights.
 *
 * @param rate samples per second that every sound is resampled to
 * @param samples of a stretch; 0: as long as the settings say
 * @param fill what stands where a sound is shorter than a stretch
 * @param fromStart whether a longer sound is seen from its beginning; otherwise its middle
 * @param normalizes whether the samples of a stretch are brought to mean 0 and variance 1
 * @param mel the spectrogram; null: the samples are seen as they are
 * @param frames of the spectrogram; a last one that is over is not seen
 * @param range values further than this below the largest of a spectrogram are raised, before mean
 *     and deviation; 0: none
 */
public record SoundSpec(
    @JsonProperty("rate") int rate,
    @JsonProperty("samples") int samples,
    @JsonProperty("fill") Fill fill,
    @JsonProperty("from_start") boolean fromStart,
    @JsonProperty("normalizes") boolean normalizes,
    @JsonProperty("mel") @JsonInclude(JsonInclude.Include.NON_NULL) MelSettings mel,
    @JsonProperty("frames") int frames,
    @JsonProperty("range") double range)
    implements Serializable {

  /** Added to the variance of a stretch before it is divided by its root. */
  public static final double LEAST_VARIANCE = 1e-7;

  private static final int LEAST_RATE = 1000;
  private static final int MOST_RATE = 192000;

  /** What stands in a stretch beside a sound that is shorter. */
  public enum Fill {
    /** Zeros, as many before as behind. */
    AROUND("zeros around"),
    /** Zeros behind. */
    BEHIND("zeros behind"),
    /** The sound again and again, its last time cut off. */
    REPEAT("the sound again and again"),
    /** The sound again as often as it fits whole, then zeros. */
    REPEAT_WHOLE("the sound again as often as it fits, then zeros"),
    /** Frames of zeros behind the spectrogram of the sound, before mean and deviation. */
    FRAMES("frames of zeros behind");

    private final String text;

    Fill(String text) {
      this.text = text;
    }
  }

  /** Checks the values. */
  public SoundSpec {
    if (rate < LEAST_RATE || rate > MOST_RATE) {
      throw new IllegalArgumentException(
          "a sampling rate must be from %d to %d per second, but was: %d"
              .formatted(LEAST_RATE, MOST_RATE, rate));
    }
    if (fill == null || samples < 0 || !(range >= 0)) {
      throw new IllegalArgumentException(
          "fill must be given, samples and range not below 0, but were: %s, %d, %s"
              .formatted(fill, samples, range));
    }
    if (mel != null && mel.high() > rate / 2.0) {
      throw new IllegalArgumentException(
          "the highest frequency must be at most half of the sampling rate, %s, but was: %s"
              .formatted(rate / 2.0, mel.high()));
    }
    if (mel != null && !(mel.deviation() > 0 && Double.isFinite(mel.mean() / mel.deviation()))) {
      throw new IllegalArgumentException(
          "mean must be a number and deviation above 0, but were: %s, %s"
              .formatted(mel.mean(), mel.deviation()));
    }
    if (mel != null && (samples < mel.fft() || frames < 1 || frames > mel.frames(samples))) {
      throw new IllegalArgumentException(
          "%d samples with a transform of %d do not make %d frames"
              .formatted(samples, mel.fft(), frames));
    }
  }

  /** As settings say it. */
  public static SoundSpec of(AudioSettings audio) {
    return new SoundSpec(
        audio.rate(),
        audio.length(),
        audio.fill() == AudioSettings.Fill.ZEROS ? Fill.AROUND : Fill.REPEAT,
        false,
        false,
        audio.mel(),
        audio.frames(),
        0);
  }

  /** The samples themselves, in stretches as long as the settings say. */
  public static SoundSpec waveform(int rate, Fill fill, boolean normalizes) {
    return new SoundSpec(rate, 0, fill, true, normalizes, null, 0, 0);
  }

  /** The same with stretches of so many seconds, if it has no length of its own. */
  public SoundSpec lasting(double seconds) {
    return samples > 0
        ? this
        : new SoundSpec(
            rate,
            (int) Math.round(seconds * rate),
            fill,
            fromStart,
            normalizes,
            mel,
            frames,
            range);
  }

  /** Shape of a view: [1, bands, frames], or [1, 1, samples]. */
  public long[] shape() {
    return mel == null ? new long[] {1, 1, samples} : new long[] {1, mel.bands(), frames};
  }

  /** In words, for logs. */
  @Override
  public String toString() {
    String length =
        samples == 0
            ? ""
            : String.format(Locale.ROOT, ", stretches of %.4g s", samples / (double) rate);
    String seen =
        mel == null
            ? normalizes ? "samples of mean 0 and variance 1" : "samples"
            : String.format(
                Locale.ROOT,
                "%d %s bands in %d frames, mean %s, deviation %s",
                mel.bands(),
                mel.kind().name().toLowerCase(Locale.ROOT),
                frames,
                mel.mean(),
                mel.deviation());
    return rate
        + " Hz"
        + length
        + (fromStart ? " from the beginning, " : ", ")
        + seen
        + "; where they are shorter, "
        + fill.text;
  }
}
