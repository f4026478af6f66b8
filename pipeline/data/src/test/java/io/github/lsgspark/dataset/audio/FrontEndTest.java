package io.github.lsgspark.dataset.audio;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.config.AudioSettings.MelSettings;
import io.github.lsgspark.config.AudioSettings.MelSettings.Kind;
import io.github.lsgspark.config.AudioSettings.MelSettings.Scale;
import io.github.lsgspark.config.SoundSpec;
import io.github.lsgspark.config.SoundSpec.Fill;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Safetensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What public networks see of sounds, as their own extractors make it. */
@Tag("real-data")
class FrontEndTest {
  private static final MelSettings AST =
      new MelSettings(
          Kind.KALDI, 400, 512, 160, 128, 20, 0, 1.192092955078125e-7, Scale.NATURAL, 0, 1);

  private static final int WHISPER_SAMPLES = 480000;
  private static final int CLAP_SAMPLES = 480000;

  private static Map<String, HostArray> file(String name) {
    return Safetensors.map(
        Path.of(System.getProperty("lsg.shared.dir"))
            .resolve("towers-av/frontends/" + name + ".safetensors"));
  }

  private static float[] signal(String name) {
    return file("signals").get(name).floats();
  }

  private static float[] view(SoundSpec spec, float[] sound) {
    FrontEnd frontEnd = FrontEnd.of(spec, AST);
    float[] stretch = frontEnd.stretch(sound, frontEnd.first(sound.length));
    return frontEnd.view(stretch, frontEnd.sounding(sound.length));
  }

  private static MelSettings mel(MelSettings own, double mean, double deviation) {
    return new MelSettings(
        own.kind(),
        own.window(),
        own.fft(),
        own.hop(),
        own.bands(),
        own.low(),
        own.high(),
        own.floor(),
        own.scale(),
        mean,
        deviation);
  }

  /** Largest difference of frames [count, bands] from those of a view [bands, frames]. */
  private static double difference(double[] expected, float[] view, int bands, int first) {
    int frames = view.length / bands;
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      int place = i % bands * frames + first + i / bands;
      largest = Math.max(largest, Math.abs(expected[i] - view[place]));
    }
    return largest;
  }

  @Test
  void filterBanksOfAst() {
    float[] x = signal("x16k");
    Map<String, HostArray> golden = file("ast");
    float[] bare = view(new SoundSpec(16000, 16000, Fill.FRAMES, true, false, AST, 98, 0), x);
    assertThat(difference(golden.get("fbank").doubles(), bare, 128, 0)).isLessThan(5e-4);
    SoundSpec whole =
        new SoundSpec(
            16000,
            400 + 1023 * 160,
            Fill.FRAMES,
            true,
            false,
            mel(AST, -4.2677393, 2 * 4.5689974),
            1024,
            0);
    double[] expected = golden.get("features_first_101_frames_of_1024").doubles();
    assertThat(difference(expected, view(whole, x), 128, 0)).isLessThan(5e-5);
    assertThat(view(whole, x)[1023]).isEqualTo(0.46703237f);
    // Longer sounds are cut behind.
    SoundSpec half = new SoundSpec(16000, 400 + 49 * 160, Fill.FRAMES, true, false, AST, 50, 0);
    double[] beginning = Arrays.copyOf(golden.get("fbank").doubles(), 50 * 128);
    assertThat(difference(beginning, view(half, x), 128, 0)).isLessThan(5e-4);
  }

  @ParameterizedTest
  @CsvSource({"80, -0.685861349105835", "128, -0.621671199798584"})
  void spectrogramsOfWhisper(int bands, float silence) {
    MelSettings mel =
        new MelSettings(Kind.SLANEY, 400, 400, 160, bands, 0, 8000, 1e-10, Scale.DECIBEL, -40, 40);
    SoundSpec spec = new SoundSpec(16000, WHISPER_SAMPLES, Fill.BEHIND, true, false, mel, 3000, 80);
    float[] view = view(spec, signal("x16k"));
    double[] golden = file("whisper" + bands).get("features_first_103_frames_of_3000").doubles();
    double largest = 0;
    for (int i = 0; i < golden.length; i++) {
      largest = Math.max(largest, Math.abs(golden[i] - view[i / 103 * 3000 + i % 103]));
    }
    assertThat(largest).isLessThan(2e-5);
    assertThat(Math.abs(view[2999] - silence)).isLessThan(2e-5f);
  }

  @ParameterizedTest
  @CsvSource({
    "SLANEY, 50, logmel_slaney_fmin50",
    "HTK, 50, logmel_htk_fmin50",
    "SLANEY, 0, logmel_slaney_fmin0_first_40_frames",
    "HTK, 0, logmel_htk_fmin0_first_40_frames"
  })
  void spectrogramsOfClap(Kind kind, double low, String name) {
    float[] view =
        view(
            new SoundSpec(48000, 48000, Fill.REPEAT_WHOLE, true, false, clap(kind, low), 101, 0),
            signal("x48k"));
    assertThat(difference(file("clap").get(name).doubles(), view, 64, 0)).isLessThan(5e-4);
  }

  private static MelSettings clap(Kind kind, double low) {
    return new MelSettings(kind, 1024, 1024, 480, 64, low, 14000, 1e-10, Scale.DECIBEL, 0, 1);
  }

  @Test
  void soundsAreRepeatedForClapAsOftenAsTheyFit() {
    Map<String, HostArray> golden = file("clap");
    SoundSpec spec =
        new SoundSpec(
            48000, CLAP_SAMPLES, Fill.REPEAT_WHOLE, true, false, clap(Kind.SLANEY, 50), 1001, 0);
    float[] whole = view(spec, signal("x48k"));
    assertThat(difference(golden.get("features_frames_95_105_of_1001").doubles(), whole, 64, 95))
        .isLessThan(5e-4);
    assertThat(difference(golden.get("features_last_6_frames").doubles(), whole, 64, 995))
        .isLessThan(5e-4);
    float[] part = view(spec, Arrays.copyOf(signal("x48k"), 33333));
    double[] seam = golden.get("repeatpad_33333_samples_frames_60_80").doubles();
    assertThat(difference(seam, part, 64, 60)).isLessThan(5e-4);
    double[] end = golden.get("repeatpad_33333_samples_last_24_frames").doubles();
    assertThat(difference(end, part, 64, 1001 - 24)).isLessThan(5e-4);
  }

  @Test
  void waveforms() {
    float[] x = signal("x16k");
    Map<String, HostArray> golden = file("wav2vec2");
    float[] view = view(SoundSpec.waveform(16000, Fill.REPEAT, true).lasting(1), x);
    assertThat(view).hasSize(16000);
    double[] first = golden.get("features_first_400_samples").doubles();
    double[] last = golden.get("features_last_100_samples").doubles();
    assertThat(difference(first, view, 1, 0)).isLessThan(1e-6);
    assertThat(difference(last, view, 1, 15900)).isLessThan(1e-6);
    assertThat(view(SoundSpec.waveform(16000, Fill.REPEAT, false).lasting(1), x)).isEqualTo(x);
  }

  @ParameterizedTest
  @CsvSource({
    "ast, 16000, KALDI, 512, 128, 20, 0",
    "whisper80, 16000, SLANEY, 400, 80, 0, 8000",
    "whisper128, 16000, SLANEY, 400, 128, 0, 8000",
  })
  void banks(String name, int rate, Kind kind, int fft, int bands, double low, double high) {
    MelSettings settings =
        new MelSettings(kind, 400, fft, 160, bands, low, high, 1e-10, Scale.NATURAL, 0, 1);
    double[] golden = file(name).get("mel_filters").doubles();
    assertThat(difference(golden, MelBands.of(rate, settings), bands, 0)).isLessThan(1e-7);
  }

  @ParameterizedTest
  @CsvSource({
    "mel16k_n256_26.slaney.slaney, SLANEY, 0",
    "mel16k_n256_26.htk.none, HTK, 0",
    "mel16k_n256_26.kaldi.none.in_mel_space_20hz, KALDI, 20"
  })
  void banksOfOtherConventions(String name, Kind kind, double low) {
    MelSettings settings =
        new MelSettings(kind, 256, 256, 128, 26, low, 0, 1e-10, Scale.NATURAL, 0, 1);
    double[] golden = file("conventions").get(name).doubles();
    assertThat(difference(golden, MelBands.of(16000, settings), 26, 0)).isLessThan(1e-7);
  }
}
