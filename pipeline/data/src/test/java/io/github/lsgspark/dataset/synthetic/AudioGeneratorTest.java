package io.github.lsgspark.dataset.synthetic;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.config.SettingsLoader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.complex.Complex;
import org.apache.commons.math3.transform.DftNormalization;
import org.apache.commons.math3.transform.FastFourierTransformer;
import org.apache.commons.math3.transform.TransformType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That sounds are what their names say; that they can be read is SyntheticSourceTest. */
class AudioGeneratorTest {
  private static final int HEADER = 44;
  private static final int WINDOW = 1024;
  private static final int HOP = 128;
  private static final int SAMPLES = 12;

  /** The strongest frequency of a window, and its power. */
  private record Peak(double hertz, double power) {}

  private static double[] sound(String name, long seed) {
    byte[] file =
        new AudioGenerator()
            .make(
                name, SettingsLoader.parse("data.drawn.seconds = 2").data().drawn(), 1000L * seed);
    ByteBuffer values = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).position(HEADER);
    double[] sound = new double[values.remaining() / 2];
    for (int i = 0; i < sound.length; i++) {
      sound[i] = values.getShort() / 32768.0;
    }
    return sound;
  }

  private static Complex[] spectrum(double[] sound, int start) {
    double[] window = new double[WINDOW];
    for (int i = 0; i < WINDOW; i++) {
      window[i] = sound[start + i] * Math.pow(Math.sin(Math.PI * i / WINDOW), 2);
    }
    return new FastFourierTransformer(DftNormalization.STANDARD)
        .transform(window, TransformType.FORWARD);
  }

  private static List<Peak> peaks(double[] sound) {
    List<Peak> peaks = new ArrayList<>();
    for (int start = 0; start + WINDOW <= sound.length; start += HOP) {
      Complex[] spectrum = spectrum(sound, start);
      int strongest = 1;
      for (int bin = 1; bin < WINDOW / 2; bin++) {
        if (spectrum[bin].abs() > spectrum[strongest].abs()) {
          strongest = bin;
        }
      }
      double power = Math.pow(spectrum[strongest].abs(), 2);
      peaks.add(new Peak((double) strongest * AudioGenerator.RATE / WINDOW, power));
    }
    return peaks;
  }

  /** The windows in which the tone is heard. */
  private static List<Peak> heard(double[] sound) {
    List<Peak> peaks = peaks(sound);
    double most = peaks.stream().mapToDouble(Peak::power).max().orElseThrow();
    return peaks.stream().filter(peak -> peak.power() > 0.2 * most).toList();
  }

  @ParameterizedTest
  @CsvSource({"low, 180", "middle, 520", "high, 1500"})
  void theWordOfThePitchIsThePitch(String pitch, double hertz) {
    for (int seed = 0; seed < SAMPLES; seed++) {
      for (Peak peak : heard(sound(pitch + " pure steady tone", seed))) {
        // At most 0.35 octaves away, and a bin is 15.6 Hz wide.
        assertThat(peak.hertz()).isBetween(hertz * 0.78 - 16, hertz * 1.28 + 16);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"steady, 0.96, 1.04", "rising, 1.7, 2.4", "falling, 0.41, 0.59"})
  void aMovingToneEndsElsewhere(String movement, double least, double most) {
    for (int seed = 0; seed < SAMPLES; seed++) {
      List<Peak> heard = heard(sound("high pure " + movement + " tone", seed));
      double change = heard.get(heard.size() - 1).hertz() / heard.get(0).hertz();
      assertThat(change).as("seed %d", seed).isBetween(least, most);
    }
  }

  @ParameterizedTest
  @CsvSource({"steady, false, false", "pulsing, true, false", "fading, false, true"})
  void loudnessMovesAsTheWordSays(String movement, boolean pauses, boolean fades) {
    for (int seed = 0; seed < SAMPLES; seed++) {
      List<Peak> peaks = peaks(sound("middle pure " + movement + " tone", seed));
      double most = peaks.stream().mapToDouble(Peak::power).max().orElseThrow();
      int first = 0;
      int last = 0;
      int rises = 0;
      boolean loud = false;
      for (int i = 0; i < peaks.size(); i++) {
        boolean now = peaks.get(i).power() > (loud ? 0.1 : 0.5) * most;
        rises += now && !loud ? 1 : 0;
        loud = now;
        first = now && rises == 1 && first == 0 ? i : first;
        last = now ? i : last;
      }
      assertThat(rises).as("seed %d", seed).matches(n -> pauses ? n > 4 : n == 1);
      if (!pauses) {
        double quarter = peaks.get(first + 3 * (last - first) / 4).power();
        assertThat(quarter / most).as("seed %d", seed).matches(part -> (part < 0.5) == fades);
      }
    }
  }

  /** Amplitudes of the second and third overtone of a buzzing tone are 1/2 and 1/3 of the first. */
  @ParameterizedTest
  @CsvSource({"pure, 0, 0", "buzzing, 0.5, 0.333", "hollow, 0, 0.333"})
  void theTimbreIsInTheOvertones(String timbre, double second, double third) {
    for (int seed = 0; seed < SAMPLES; seed++) {
      double[] sound = sound("middle " + timbre + " steady tone", seed);
      double[] sums = new double[3];
      for (int start = sound.length / 4; start + WINDOW <= sound.length / 2; start += HOP) {
        Complex[] spectrum = spectrum(sound, start);
        int base = 20;
        for (int bin = 20; bin < 60; bin++) {
          base = spectrum[bin].abs() > spectrum[base].abs() ? bin : base;
        }
        for (int k = 1; k <= 3; k++) {
          double most = 0;
          for (int bin = k * base - k; bin <= k * base + k; bin++) {
            most = Math.max(most, spectrum[bin].abs());
          }
          sums[k - 1] += most;
        }
      }
      // Noise adds to what is not there.
      assertThat(sums[1] / sums[0]).as("seed %d", seed).isBetween(second - 0.12, second + 0.16);
      assertThat(sums[2] / sums[0]).as("seed %d", seed).isBetween(third - 0.12, third + 0.16);
    }
  }
}
