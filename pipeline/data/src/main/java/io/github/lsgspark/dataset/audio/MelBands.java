package io.github.lsgspark.dataset.audio;

import io.github.lsgspark.config.AudioSettings.MelSettings;
import java.util.function.DoubleUnaryOperator;

/**
 * Triangular bands that are equally wide on a mel scale: each rises from the centre of the one
 * below to its own, and falls to the centre of the one above.
 */
final class MelBands {

  /** Slaney's scale: linear up to here, 15 mel, then 27 steps for each factor 6.4. */
  private static final double KNEE_HERTZ = 1000;

  private static final double KNEE_MEL = 15;
  private static final double STEP = Math.log(6.4) / 27;

  /** HTK's scale, which Kaldi has. */
  private static final double HTK_FACTOR = 1127;

  private static final double HTK_HERTZ = 700;

  private MelBands() {}

  /**
   * Weights of the frequencies of a spectrum in each band.
   *
   * @param rate samples per second
   * @return [bands, fft / 2 + 1], row-major
   */
  static float[] of(int rate, MelSettings settings) {
    boolean slaney = settings.kind() == MelSettings.Kind.SLANEY;
    boolean kaldi = settings.kind() == MelSettings.Kind.KALDI;
    double high = settings.high() == 0 ? rate / 2.0 : settings.high();
    DoubleUnaryOperator mel = slaney ? MelBands::slaney : MelBands::htk;
    double lowest = mel.applyAsDouble(settings.low());
    double step = (mel.applyAsDouble(high) - lowest) / (settings.bands() + 1);
    int frequencies = settings.fft() / 2 + 1;
    float[] weights = new float[settings.bands() * frequencies];
    for (int band = 0; band < settings.bands(); band++) {
      double[] edges = new double[3];
      for (int i = 0; i < edges.length; i++) {
        double edge = lowest + (band + i) * step;
        edges[i] = kaldi ? edge : slaney ? slaneyHertz(edge) : htkHertz(edge);
      }
      double height = slaney ? 2 / (edges[2] - edges[0]) : 1;
      for (int k = 0; k < frequencies; k++) {
        double hertz = (double) k * rate / settings.fft();
        // Kaldi's triangles have straight sides over mel, others over Hz.
        double place = kaldi ? htk(hertz) : hertz;
        double rising = (place - edges[0]) / (edges[1] - edges[0]);
        double falling = (edges[2] - place) / (edges[2] - edges[1]);
        weights[band * frequencies + k] = (float) (height * Math.max(0, Math.min(rising, falling)));
      }
    }
    return weights;
  }

  private static double slaney(double hertz) {
    return hertz < KNEE_HERTZ
        ? hertz * KNEE_MEL / KNEE_HERTZ
        : KNEE_MEL + Math.log(hertz / KNEE_HERTZ) / STEP;
  }

  private static double slaneyHertz(double mel) {
    return mel < KNEE_MEL
        ? mel * KNEE_HERTZ / KNEE_MEL
        : KNEE_HERTZ * Math.exp(STEP * (mel - KNEE_MEL));
  }

  private static double htk(double hertz) {
    return HTK_FACTOR * Math.log1p(hertz / HTK_HERTZ);
  }

  private static double htkHertz(double mel) {
    return HTK_HERTZ * Math.expm1(mel / HTK_FACTOR);
  }
}
