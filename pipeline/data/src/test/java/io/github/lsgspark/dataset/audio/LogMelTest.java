package io.github.lsgspark.dataset.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.AudioSettings.MelSettings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.media.SoundDecoder;
import io.github.lsgspark.dataset.media.TestSounds;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Safetensors;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The front end against librosa's and Kaldi's. */
class LogMelTest {
  private static final int RATE = 16000;
  private static final String PANNS =
      "window = 1024, fft = 1024, hop = 320, low = 50, high = 14000, scale = decibel, floor = 1e-10";
  private static final String AST =
      "kind = kaldi, fft = 512, bands = 128, low = 20, floor = 1.192092955078125e-7";

  private static MelSettings settings(String text) {
    return SettingsLoader.parse("audio { seconds = 2, mel { " + text + " } }").audio().mel();
  }

  private static Map<String, HostArray> resource(String name) {
    return Safetensors.map(Path.of(LogMelTest.class.getResource("/audio/" + name).getPath()));
  }

  private static void compare(float[] actual, double[] expected, double tolerance) {
    assertThat(actual).hasSize(expected.length);
    for (int i = 0; i < actual.length; i++) {
      assertThat((double) actual[i]).as("value %d", i).isCloseTo(expected[i], within(tolerance));
    }
  }

  @Test
  void bandsAreThoseOfLibrosa() {
    compare(
        MelBands.of(RATE, settings("bands = 64")),
        resource("mel-bands.safetensors").get("melfb64_f64").doubles(),
        1e-8);
  }

  /** A rising tone with noise, the same as in the script that made the reference numbers. */
  private static float[] sound(int samples, int rate) {
    float[] sound = new float[samples];
    for (int i = 0; i < samples; i++) {
      double turns = (300 + 2000.0 * i / samples) * i / rate;
      sound[i] = (float) (0.1 * hash(i) + 0.4 * Math.sin(2 * Math.PI * turns));
    }
    return sound;
  }

  /** In [-1, 1). */
  private static double hash(long i) {
    long x = (i * 2654435761L + 12345) & 0xFFFFFFFFL;
    x ^= x >>> 16;
    x = x * 0x85EBCA6BL & 0xFFFFFFFFL;
    x ^= x >>> 13;
    x = x * 0xC2B2AE35L & 0xFFFFFFFFL;
    x ^= x >>> 16;
    return x / 0x1p31 - 1;
  }

  @ParameterizedTest
  @ValueSource(strings = {"slaney", "panns", "kaldi"})
  void spectrogramsAreThoseOfOtherPrograms(String name) {
    boolean panns = name.equals("panns");
    int rate = panns ? 32000 : RATE;
    MelSettings settings =
        switch (name) {
          case "panns" ->
              SettingsLoader.parse("audio { rate = 32000, mel { " + PANNS + " } }").audio().mel();
          case "kaldi" -> settings(AST);
          default -> settings("");
        };
    float[] actual = new LogMel(rate, settings).of(sound(panns ? 9600 : 6400, rate));
    compare(actual, resource("front-ends.safetensors").get(name).doubles(), 1e-3);
  }

  /** Clips that others published, whole spectrograms. */
  @Tag("real-data")
  @ParameterizedTest
  @CsvSource({"0, 64", "0, 128", "1, 64", "2, 64"})
  void spectrogramsAreThoseOfLibrosa(int clip, int bands) throws Exception {
    Path shared = Path.of(System.getProperty("lsg.shared.dir"));
    String[] names = {
      "Dog_bark/1-110389-A.wav", "Fire_crackling/1-17742-A.wav", "Rain/1-21189-A.wav"
    };
    byte[] file;
    try (ZipFile zip = new ZipFile(shared.resolve("data/audio/esc10-16k-subset.zip").toFile())) {
      file = zip.getInputStream(zip.getEntry(names[clip])).readAllBytes();
    }
    Map<String, HostArray> golden = Safetensors.map(shared.resolve("plm/audio/logmel.safetensors"));
    float[] actual =
        new LogMel(RATE, settings("bands = " + bands)).of(SoundDecoder.decode(file, RATE, 10));
    double[] expected = golden.get("clip" + clip + ".logmel" + bands + "_f32").doubles();
    compare(actual, expected, 1e-3);
  }

  /** A tone of 1 kHz is loudest in the band round it, and a louder one by as much as it is. */
  @ParameterizedTest
  @CsvSource({"slaney, natural", "slaney, decibel", "kaldi, natural", "kaldi, decibel"})
  void loudnessIsLogarithmic(String kind, String scale) {
    LogMel mel =
        new LogMel(RATE, settings("kind = " + kind + ", scale = " + scale + ", floor = 1e-10"));
    float[] tone = TestSounds.tone(1000, 1, RATE);
    float[] loud = mel.of(tone);
    for (int i = 0; i < tone.length; i++) {
      tone[i] *= 0.1f;
    }
    float[] quiet = mel.of(tone);
    int frames = loud.length / 64;
    int loudest = 0;
    for (int band = 0; band < 64; band++) {
      loudest =
          loud[band * frames + frames / 2] > loud[loudest * frames + frames / 2] ? band : loudest;
    }
    double low = MelBandsCentres.hertz(kind, loudest - 1);
    double high = MelBandsCentres.hertz(kind, loudest + 1);
    assertThat(1000.0).isBetween(low, high);
    int place = loudest * frames + frames / 2;
    assertThat((double) loud[place] - quiet[place])
        .isCloseTo(scale.equals("decibel") ? 20 : 2 * Math.log(10), within(0.01));
  }

  /** Centres of 64 bands from 0 to 8 kHz. */
  private static final class MelBandsCentres {
    static double hertz(String kind, int band) {
      double share = (band + 1) / 65.0;
      if (kind.equals("kaldi")) {
        return 700 * Math.expm1(share * Math.log1p(8000 / 700.0));
      }
      double mel = share * (15 + 27 * Math.log(8) / Math.log(6.4));
      return mel < 15 ? mel * 1000 / 15 : 1000 * Math.exp((mel - 15) * Math.log(6.4) / 27);
    }
  }

  @Test
  void silenceIsTheFloor() {
    assertThat(new LogMel(RATE, settings("floor = 1e-6")).of(new float[2000]))
        .containsOnly((float) Math.log(1e-6));
    for (float value :
        new LogMel(RATE, settings("floor = 1e-6, scale = decibel")).of(new float[2000])) {
      assertThat(value).isCloseTo(-60f, within(1e-4f));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 199, 200, 201, 399, 400, 401})
  void theShortestSoundsHaveASpectrogram(int samples) {
    float[] sound = TestSounds.tone(300, (double) samples / RATE, RATE);
    assertThat(sound).hasSize(samples);
    assertThat(new LogMel(RATE, settings("")).of(sound))
        .hasSize(64 * (1 + Math.max(400, samples) / 160))
        .doesNotContain(Float.NaN);
    assertThat(new LogMel(RATE, settings("kind = kaldi, fft = 512")).of(sound))
        .hasSize(64)
        .doesNotContain(Float.NaN);
  }
}
