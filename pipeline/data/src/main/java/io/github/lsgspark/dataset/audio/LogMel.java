package io.github.lsgspark.dataset.audio;

import io.github.lsgspark.config.AudioSettings.MelSettings;
import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.ModeGuard;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.SignalOps;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/**
 * Log-mel spectrograms, computed by libtorch: frames of the sound times a Hann window, squared
 * absolute values of their Fourier transforms, sums over bands ({@link MelBands}), logarithm. For
 * several threads.
 */
final class LogMel {

  /**
   * Samples of the frames that are transformed at once. libtorch then computes on the calling
   * thread: the threads that make views would otherwise each start a team of their own, and all of
   * them would wait for one another.
   */
  private static final int TRANSFORMED_AT_ONCE = 1 << 14;

  /** Kaldi's share of the sample before that is taken off each. */
  private static final float EMPHASIS = 0.97f;

  private static final double DECIBEL = 10 / Math.log(10);

  private final MelSettings settings;
  private final boolean kaldi;
  private final float[] bands;
  private final float[] window;

  /**
   * @param rate samples per second of the sounds
   */
  LogMel(int rate, MelSettings settings) {
    NativeTorch.load();
    this.settings = settings;
    this.kaldi = settings.kind() == MelSettings.Kind.KALDI;
    this.bands = MelBands.of(rate, settings);
    this.window = new float[settings.window()];
    // Over the whole period, or from zero to zero.
    double period = kaldi ? Math.max(1, window.length - 1) : window.length;
    for (int i = 0; i < window.length; i++) {
      window[i] = (float) (0.5 - 0.5 * Math.cos(2 * Math.PI * i / period));
    }
  }

  /** Rows of a spectrogram; the first has the lowest frequencies. */
  int bands() {
    return settings.bands();
  }

  /** What the scale calls ten times less power. */
  double perDecade() {
    return settings.scale() == MelSettings.Scale.DECIBEL ? 10 : Math.log(10);
  }

  /**
   * A spectrogram.
   *
   * @param samples one that is shorter than the transform is filled up with zeros
   * @return [bands, frames], row-major
   */
  float[] of(float[] samples) {
    float[] sound = padded(Arrays.copyOf(samples, Math.max(samples.length, settings.fft())));
    int frames = settings.frames(Math.max(samples.length, settings.fft()));
    float[] spectrogram = new float[settings.bands() * frames];
    int most = Math.max(1, TRANSFORMED_AT_ONCE / settings.fft());
    try (ModeGuard guard = Autograd.noGrad();
        TensorScope scope = new TensorScope()) {
      Tensor weights = Tensors.of(bands, settings.bands(), settings.fft() / 2 + 1);
      for (int first = 0; first < frames; first += most) {
        int count = Math.min(most, frames - first);
        float[] part = logMel(weights, windowed(sound, first, count), count);
        for (int band = 0; band < settings.bands(); band++) {
          System.arraycopy(part, band * count, spectrogram, band * frames + first, count);
        }
      }
    }
    return spectrogram;
  }

  /** Half a transform's length more at both ends, in which the sound is reflected. */
  private float[] padded(float[] samples) {
    if (kaldi) {
      return samples;
    }
    int half = settings.fft() / 2;
    float[] padded = new float[samples.length + 2 * half];
    System.arraycopy(samples, 0, padded, half, samples.length);
    for (int i = 1; i <= half; i++) {
      padded[half - i] = samples[i];
      padded[half + samples.length - 1 + i] = samples[samples.length - 1 - i];
    }
    return padded;
  }

  /** Frames [count, fft]: times the window, which lies in their middle; Kaldi's at their start. */
  private float[] windowed(float[] sound, int first, int count) {
    int fft = settings.fft();
    int before = kaldi ? 0 : (fft - window.length) / 2;
    float[] frames = new float[count * fft];
    for (int frame = 0; frame < count; frame++) {
      int from = (first + frame) * settings.hop() + before;
      int to = frame * fft + before;
      if (kaldi) {
        emphasized(sound, from, frames, to);
      } else {
        for (int i = 0; i < window.length; i++) {
          frames[to + i] = sound[from + i] * window[i];
        }
      }
    }
    return frames;
  }

  private void emphasized(float[] sound, int from, float[] frames, int to) {
    double sum = 0;
    for (int i = 0; i < window.length; i++) {
      sum += sound[from + i];
    }
    float mean = (float) (sum / window.length);
    float before = sound[from] - mean;
    for (int i = 0; i < window.length; i++) {
      float sample = sound[from + i] - mean;
      frames[to + i] = (sample - EMPHASIS * before) * window[i];
      before = sample;
    }
  }

  private float[] logMel(Tensor weights, float[] frames, int count) {
    try (TensorScope scope = new TensorScope()) {
      Tensor spectra = SignalOps.powerSpectra(Tensors.of(frames, count, settings.fft()));
      Tensor powers = Ops.matmul(weights, Ops.transpose(spectra, 0, 1));
      boolean added = !kaldi && settings.scale() == MelSettings.Scale.NATURAL;
      Tensor values =
          added ? Ops.add(powers, settings.floor()) : Ops.clampMin(powers, settings.floor());
      SignalOps.logInPlace(values);
      if (settings.scale() == MelSettings.Scale.DECIBEL) {
        Ops.mulInPlace(values, DECIBEL);
      }
      return Tensors.floats(values);
    }
  }
}
