package io.github.lsgspark.dataset.audio;

import io.github.lsgspark.config.AudioSettings.MelSettings;
import io.github.lsgspark.config.SoundSpec;
import io.github.lsgspark.config.SoundSpec.Fill;
import java.util.Arrays;

/**
 * Cuts stretches out of sounds, and makes of them what a network sees. For several threads.
 *
 * @param spec what that is, with a length
 * @param mel the spectrogram of {@code spec}, or what people look at where it has none
 */
record FrontEnd(SoundSpec spec, LogMel mel) {

  /**
   * @param shown the spectrogram that people look at, where the network sees none
   */
  static FrontEnd of(SoundSpec spec, MelSettings shown) {
    return new FrontEnd(spec, new LogMel(spec.rate(), spec.mel() == null ? shown : spec.mel()));
  }

  /** Samples of a stretch. */
  int length() {
    return spec.samples();
  }

  /** First sample of the only stretch by which a sound is evaluated; negative if it is shorter. */
  int first(int samples) {
    int room = samples - length();
    return room > 0 && spec.fromStart() ? 0 : room / 2;
  }

  /**
   * A stretch of a sound, filled up.
   *
   * @param first its first sample; not looked at if the sound is shorter
   */
  float[] stretch(float[] sound, int first) {
    float[] stretch = new float[length()];
    int room = sound.length - stretch.length;
    if (room >= 0) {
      System.arraycopy(sound, first, stretch, 0, stretch.length);
      return stretch;
    }
    switch (spec.fill()) {
      case AROUND -> System.arraycopy(sound, 0, stretch, -room / 2, sound.length);
      case BEHIND, FRAMES -> System.arraycopy(sound, 0, stretch, 0, sound.length);
      case REPEAT -> repeat(sound, stretch, stretch.length);
      case REPEAT_WHOLE -> repeat(sound, stretch, stretch.length / sound.length * sound.length);
    }
    return stretch;
  }

  private static void repeat(float[] sound, float[] stretch, int end) {
    for (int i = 0; i < end; i += sound.length) {
      System.arraycopy(sound, 0, stretch, i, Math.min(sound.length, end - i));
    }
  }

  /** How many samples of its stretch a sound fills; no more than there are. */
  int sounding(int samples) {
    return switch (spec.fill()) {
      case AROUND, BEHIND, FRAMES -> Math.min(samples, length());
      case REPEAT -> length();
      case REPEAT_WHOLE -> samples < length() ? length() / samples * samples : length();
    };
  }

  /** How many samples of its stretch a sound may be moved within. */
  int movable(int samples) {
    return spec.fill() == Fill.AROUND ? length() : sounding(samples);
  }

  /**
   * What a network sees of a stretch.
   *
   * @param sounding samples of it that the sound fills
   * @return a view, row-major
   */
  float[] view(float[] stretch, int sounding) {
    if (spec.normalizes()) {
      normalize(stretch, sounding);
    }
    return spec.mel() == null ? stretch : spectrogram(stretch, sounding);
  }

  /** (x - mean) / sqrt(variance + 1e-7) of the samples that the sound fills. */
  private static void normalize(float[] stretch, int sounding) {
    double sum = 0;
    for (int i = 0; i < sounding; i++) {
      sum += stretch[i];
    }
    double mean = sum / sounding;
    double squares = 0;
    for (int i = 0; i < sounding; i++) {
      squares += (stretch[i] - mean) * (stretch[i] - mean);
    }
    double scale = 1 / Math.sqrt(squares / sounding + SoundSpec.LEAST_VARIANCE);
    for (int i = 0; i < sounding; i++) {
      stretch[i] = (float) ((stretch[i] - mean) * scale);
    }
  }

  private float[] spectrogram(float[] stretch, int sounding) {
    boolean cut = spec.fill() == Fill.FRAMES && sounding < stretch.length;
    float[] values = mel.of(cut ? Arrays.copyOf(stretch, sounding) : stretch);
    int bands = mel.bands();
    int made = values.length / bands;
    int kept = Math.min(made, spec.frames());
    float lowest = lowest(values, made, kept);
    double mean = spec.mel().mean();
    double deviation = spec.mel().deviation();
    float[] view = new float[bands * spec.frames()];
    for (int band = 0; band < bands; band++) {
      int to = band * spec.frames();
      for (int frame = 0; frame < kept; frame++) {
        float value = Math.max(values[band * made + frame], lowest);
        view[to + frame] = (float) ((value - mean) / deviation);
      }
      Arrays.fill(view, to + kept, to + spec.frames(), (float) (-mean / deviation));
    }
    return view;
  }

  private float lowest(float[] values, int made, int kept) {
    if (spec.range() == 0) {
      return Float.NEGATIVE_INFINITY;
    }
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < values.length; i++) {
      largest = i % made < kept ? Math.max(largest, values[i]) : largest;
    }
    return (float) (largest - spec.range());
  }
}
