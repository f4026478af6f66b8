package io.github.lsgspark.dataset.audio;

import io.github.lsgspark.config.AudioSettings;
import io.github.lsgspark.config.SoundSpec;
import io.github.lsgspark.dataset.media.SoundDecoder;
import io.github.lsgspark.dataset.modality.Decoded;
import io.github.lsgspark.dataset.modality.Modality;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import io.github.lsgspark.dataset.modality.ViewKind;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Sounds. A view is a log-mel spectrogram [1, bands, frames] of a stretch of the sound, or the
 * stretch itself [1, 1, samples]. Immutable.
 */
public final class AudioModality implements Modality {
  private static final long serialVersionUID = 1L;

  private final AudioSettings settings;
  private final SoundSpec seen;
  private final long maxBytes;
  private transient volatile FrontEnd frontEnd;

  /**
   * @param seen what the network sees, with a length
   * @param maxBytes a longer file is refused
   */
  public AudioModality(AudioSettings settings, SoundSpec seen, long maxBytes) {
    this.settings = settings;
    this.seen = seen;
    this.maxBytes = maxBytes;
  }

  /** Made where it is needed; which thread's is kept makes no difference. */
  private FrontEnd frontEnd() {
    FrontEnd made = frontEnd;
    if (made == null) {
      made = FrontEnd.of(seen, settings.mel());
      frontEnd = made;
    }
    return made;
  }

  @Override
  public Decoded decode(byte[] encoded) throws UnreadableSampleException {
    requireBytes(encoded);
    Sound sound =
        new Sound(
            SoundDecoder.decode(encoded, seen.rate(), settings.maxSeconds()),
            seen.rate(),
            frontEnd().mel());
    requireLength(sound.seconds());
    float loudest = loudest(sound.samples());
    if (loudest <= settings.silence()) {
      throw new UnreadableSampleException(
          Reason.SILENT,
          String.format(
              "the mean of its channels is silent: largest amplitude %.3g of 1, audio.silence is"
                  + " %s",
              loudest, settings.silence()));
    }
    return sound;
  }

  private void requireBytes(byte[] encoded) throws UnreadableSampleException {
    if (encoded.length > maxBytes) {
      throw new UnreadableSampleException(
          Reason.TOO_MANY_BYTES, encoded.length + " bytes, at most " + maxBytes + " are allowed");
    }
  }

  private static float loudest(float[] samples) {
    float loudest = 0;
    for (float sample : samples) {
      loudest = Math.max(loudest, Math.abs(sample));
    }
    return loudest;
  }

  /**
   * A stretch of a sound, as the network sees it.
   *
   * @param from seconds from the beginning of the sound
   * @param to the same
   * @param view floats in the order of {@link #shape}; empty if it is silent
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Window(double from, double to, float[] view) {
    /** Whether no sample is louder than {@code audio.silence}. */
    public boolean isSilent() {
      return view.length == 0;
    }
  }

  /** Takes windows in their order. */
  public interface Windows {
    /** Takes a window. */
    void take(Window window) throws UnreadableSampleException;
  }

  /**
   * Opens a sound of any length window by window, each as long as a view; the last one ends with
   * the sound, and a shorter sound is one window.
   *
   * @param step seconds from the start of a window to that of the next
   * @throws UnreadableSampleException with the reason to set it aside for, also after windows were
   *     taken
   */
  public void windows(byte[] encoded, double step, Windows sink) throws UnreadableSampleException {
    FrontEnd made = frontEnd();
    double rate = seen.rate();
    int samples = (int) Math.min(Integer.MAX_VALUE, Math.max(1, Math.round(step * rate)));
    double seconds =
        SoundDecoder.windows(
            encoded,
            seen.rate(),
            made.length(),
            samples,
            (window, first) -> {
              boolean silent = loudest(window) <= settings.silence();
              float[] view =
                  silent
                      ? new float[0]
                      : made.view(made.stretch(window, 0), made.sounding(window.length));
              sink.take(new Window(first / rate, (first + window.length) / rate, view));
            });
    requireLength(seconds);
  }

  private void requireLength(double seconds) throws UnreadableSampleException {
    if (seconds < settings.minSeconds()) {
      throw new UnreadableSampleException(
          Reason.TOO_SHORT,
          String.format(
              "lasts %.4f seconds, audio.min-seconds is %s", seconds, settings.minSeconds()));
    }
  }

  @Override
  public long[] shape() {
    return seen.shape();
  }

  @Override
  public int evaluationViews() {
    return settings.clips();
  }

  /**
   * @param viewSeed of the place, the gain, the noise and the masks
   */
  @Override
  public void write(Decoded sample, ViewKind kind, long viewSeed, FloatBuffer view) {
    float[] sound = ((Sound) sample).samples();
    SplittableRandom random = new SplittableRandom(viewSeed);
    FrontEnd made = frontEnd();
    float[] stretch =
        kind == ViewKind.EVALUATION
            ? made.stretch(sound, evaluated(sound.length, viewSeed))
            : changed(sound, random);
    float[] values = made.view(stretch, made.sounding(sound.length));
    if (kind == ViewKind.STRONG) {
      mask(values, random);
    }
    view.put(0, values);
  }

  /** First sample of an evaluation view. */
  private int evaluated(int samples, long number) {
    int room = samples - frontEnd().length();
    if (room <= 0 || settings.clips() == 1) {
      return frontEnd().first(samples);
    }
    return (int) Math.round((double) room * number / (settings.clips() - 1));
  }

  private float[] changed(float[] sound, SplittableRandom random) {
    AudioSettings.AudioAugmentationSettings augmentation = settings.augmentation();
    int room = sound.length - frontEnd().length();
    float[] stretch = frontEnd().stretch(sound, room > 0 ? random.nextInt(room + 1) : 0);
    int moved = frontEnd().movable(sound.length);
    double most = augmentation.shift() * moved;
    if (room <= most) {
      stretch = rotated(stretch, moved, (int) Math.round(between(-most, most, random)));
    }
    addNoise(stretch, frontEnd().sounding(sound.length), random);
    double gain = Math.pow(10, between(-augmentation.gain(), augmentation.gain(), random) / 20);
    for (int i = 0; i < stretch.length; i++) {
      stretch[i] *= (float) gain;
    }
    return stretch;
  }

  private static double between(double low, double high, SplittableRandom random) {
    return low + (high - low) * random.nextDouble();
  }

  /** Each of the first samples so many places later; what falls out behind comes in before. */
  private static float[] rotated(float[] stretch, int count, int places) {
    int split = Math.floorMod(places, count);
    float[] rotated = stretch.clone();
    System.arraycopy(stretch, 0, rotated, split, count - split);
    System.arraycopy(stretch, count - split, rotated, 0, split);
    return rotated;
  }

  /**
   * @param sounding samples of the stretch that the sound fills
   */
  private void addNoise(float[] stretch, int sounding, SplittableRandom random) {
    double noise = settings.augmentation().noise();
    if (noise == 0) {
      return;
    }
    double squares = 0;
    for (float sample : stretch) {
      squares += (double) sample * sample;
    }
    double power = squares / sounding * Math.pow(10, -between(noise, 2 * noise, random) / 10);
    double deviation = Math.sqrt(power);
    for (int i = 0; i < stretch.length; i++) {
      stretch[i] += (float) (deviation * random.nextGaussian());
    }
  }

  /**
   * Sets stretches of frames and of bands to the mean of all spectrograms, zero. Where samples are
   * seen, each is a frame of one band.
   */
  private void mask(float[] spectrogram, SplittableRandom random) {
    AudioSettings.AudioAugmentationSettings augmentation = settings.augmentation();
    int bands = (int) seen.shape()[1];
    int frames = (int) seen.shape()[2];
    for (int i = 0; i < augmentation.timeMasks(); i++) {
      int length = random.nextInt((int) (augmentation.timeMask() * frames) + 1);
      int first = random.nextInt(frames - length + 1);
      for (int band = 0; band < bands; band++) {
        Arrays.fill(spectrogram, band * frames + first, band * frames + first + length, 0);
      }
    }
    for (int i = 0; i < augmentation.bandMasks(); i++) {
      int length = random.nextInt((int) (augmentation.bandMask() * bands) + 1);
      int first = random.nextInt(bands - length + 1);
      Arrays.fill(spectrogram, first * frames, (first + length) * frames, 0);
    }
  }
}
