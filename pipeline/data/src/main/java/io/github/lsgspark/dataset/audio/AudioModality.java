package io.github.lsgspark.dataset.audio;

import io.github.lsgspark.config.AudioSettings;
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
 * Sounds. A view is a log-mel spectrogram [1, bands, frames] of a stretch of the sound, of a length
 * that the configuration sets. Immutable.
 */
public final class AudioModality implements Modality {
  private static final long serialVersionUID = 1L;

  private final AudioSettings settings;
  private final long maxBytes;
  private transient volatile LogMel mel;

  /**
   * @param maxBytes a longer file is refused
   */
  public AudioModality(AudioSettings settings, long maxBytes) {
    this.settings = settings;
    this.maxBytes = maxBytes;
  }

  /** Made where it is needed; which thread's is kept makes no difference. */
  private LogMel mel() {
    LogMel made = mel;
    if (made == null) {
      made = new LogMel(settings.rate(), settings.mel());
      mel = made;
    }
    return made;
  }

  @Override
  public Decoded decode(byte[] encoded) throws UnreadableSampleException {
    if (encoded.length > maxBytes) {
      throw new UnreadableSampleException(
          Reason.TOO_MANY_BYTES, encoded.length + " bytes, at most " + maxBytes + " are allowed");
    }
    Sound sound =
        new Sound(
            SoundDecoder.decode(encoded, settings.rate(), settings.maxSeconds()),
            settings.rate(),
            mel());
    if (sound.seconds() < settings.minSeconds()) {
      throw new UnreadableSampleException(
          Reason.TOO_SHORT,
          String.format(
              "lasts %.4f seconds, audio.min-seconds is %s",
              sound.seconds(), settings.minSeconds()));
    }
    float loudest = 0;
    for (float sample : sound.samples()) {
      loudest = Math.max(loudest, Math.abs(sample));
    }
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

  @Override
  public long[] shape() {
    return new long[] {1, settings.mel().bands(), settings.frames()};
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
    float[] stretch =
        kind == ViewKind.EVALUATION
            ? stretch(sound, evaluated(sound.length, viewSeed))
            : changed(sound, random);
    float[] spectrogram = mel().of(stretch);
    float mean = (float) settings.mel().mean();
    float scale = (float) (1 / settings.mel().deviation());
    for (int i = 0; i < spectrogram.length; i++) {
      spectrogram[i] = (spectrogram[i] - mean) * scale;
    }
    if (kind == ViewKind.STRONG) {
      mask(spectrogram, random);
    }
    view.put(0, spectrogram);
  }

  /** First sample of an evaluation view; of a single one so that it is the middle of the sound. */
  private int evaluated(int samples, long number) {
    int room = samples - settings.length();
    if (room <= 0 || settings.clips() == 1) {
      return room / 2;
    }
    return (int) Math.round((double) room * number / (settings.clips() - 1));
  }

  /**
   * A view's stretch of the sound; what the sound does not fill is zero, or the sound again.
   *
   * @param first its first sample; negative if the sound is shorter
   */
  private float[] stretch(float[] sound, int first) {
    float[] stretch = new float[settings.length()];
    if (first >= 0) {
      System.arraycopy(sound, first, stretch, 0, Math.min(stretch.length, sound.length - first));
    } else if (settings.fill() == AudioSettings.Fill.ZEROS) {
      System.arraycopy(sound, 0, stretch, -first, sound.length);
    } else {
      for (int i = 0; i < stretch.length; i += sound.length) {
        System.arraycopy(sound, 0, stretch, i, Math.min(sound.length, stretch.length - i));
      }
    }
    return stretch;
  }

  private float[] changed(float[] sound, SplittableRandom random) {
    AudioSettings.AudioAugmentationSettings augmentation = settings.augmentation();
    int room = sound.length - settings.length();
    float[] stretch = stretch(sound, room > 0 ? random.nextInt(room + 1) : room / 2);
    double most = augmentation.shift() * stretch.length;
    if (room <= most) {
      stretch = rotated(stretch, (int) Math.round(between(-most, most, random)));
    }
    boolean zeros = room < 0 && settings.fill() == AudioSettings.Fill.ZEROS;
    addNoise(stretch, zeros ? sound.length : stretch.length, random);
    double gain = Math.pow(10, between(-augmentation.gain(), augmentation.gain(), random) / 20);
    for (int i = 0; i < stretch.length; i++) {
      stretch[i] *= (float) gain;
    }
    return stretch;
  }

  private static double between(double low, double high, SplittableRandom random) {
    return low + (high - low) * random.nextDouble();
  }

  /** Each sample so many places later; what falls out behind comes in before. */
  private static float[] rotated(float[] stretch, int places) {
    int split = Math.floorMod(places, stretch.length);
    float[] rotated = new float[stretch.length];
    System.arraycopy(stretch, 0, rotated, split, stretch.length - split);
    System.arraycopy(stretch, stretch.length - split, rotated, 0, split);
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

  /** Sets stretches of frames and of bands to the mean of all spectrograms, zero. */
  private void mask(float[] spectrogram, SplittableRandom random) {
    AudioSettings.AudioAugmentationSettings augmentation = settings.augmentation();
    int frames = settings.frames();
    int bands = settings.mel().bands();
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
