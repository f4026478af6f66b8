package io.github.lsgspark.dataset.audio;

import static io.github.lsgspark.dataset.audio.SoundViews.modality;
import static io.github.lsgspark.dataset.audio.SoundViews.refused;
import static io.github.lsgspark.dataset.audio.SoundViews.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.media.TestSounds;
import io.github.lsgspark.dataset.modality.Decoded;
import io.github.lsgspark.dataset.modality.DecodedImage;
import io.github.lsgspark.dataset.modality.Modality;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import io.github.lsgspark.dataset.modality.ViewKind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sounds as views. */
class AudioModalityTest {
  private static final int RATE = 16000;
  private static final String PLAIN =
      "audio { seconds = 1, augmentation { shift = 0, gain = 0, noise = 0, time-masks = 0,"
          + " band-masks = 0 } }\n";
  private static final int FRAMES = 101;

  private static Decoded sound(Modality modality, float[] samples) throws Exception {
    return modality.decode(TestSounds.floatWav(RATE, samples));
  }

  /** One second each of several tones. */
  private static float[] tones(int... hertz) {
    float[] all = new float[hertz.length * RATE];
    for (int i = 0; i < hertz.length; i++) {
      System.arraycopy(TestSounds.tone(hertz[i], 1, RATE), 0, all, i * RATE, RATE);
    }
    return all;
  }

  private static int loudestBand(float[] view, int frame) {
    int loudest = 0;
    for (int band = 1; band < 64; band++) {
      loudest = view[band * FRAMES + frame] > view[loudest * FRAMES + frame] ? band : loudest;
    }
    return loudest;
  }

  @Test
  void shapesFollowTheSettings() {
    assertThat(modality("").shape()).containsExactly(1, 64, 501);
    assertThat(modality("audio { seconds = 2, mel.bands = 40 }").shape())
        .containsExactly(1, 40, 201);
    assertThat(
            modality("audio { seconds = 10.255, mel { kind = kaldi, fft = 512, bands = 128 } }")
                .shape())
        .containsExactly(1, 128, 1024);
    assertThat(modality("audio.clips = 3").evaluationViews()).isEqualTo(3);
  }

  @Test
  void whatCannotBeUsedIsNamed() {
    Modality modality = modality("audio.max-seconds = 2, prepare.max-file-bytes = 100000");
    refused(modality, new byte[0], Reason.EMPTY_FILE, "no bytes");
    refused(modality, TestSounds.wav(RATE, new float[0]), Reason.TOO_SHORT, "0 seconds");
    refused(
        modality,
        TestSounds.wav(RATE, TestSounds.tone(440, 0.04, RATE)),
        Reason.TOO_SHORT,
        "0.0400 seconds",
        "audio.min-seconds is 0.05");
    refused(modality, TestSounds.wav(RATE, tones(1, 2, 3)), Reason.TOO_LONG, "more than 2.0");
    refused(modality, TestSounds.wav(RATE, new float[RATE]), Reason.SILENT, "audio.silence");
    refused(
        modality, TestSounds.floatWav(RATE, tones(1, 2)), Reason.TOO_MANY_BYTES, "128044 bytes");
    float[] tone = TestSounds.tone(440, 0.5, RATE);
    float[] opposite = tone.clone();
    for (int i = 0; i < tone.length; i++) {
      opposite[i] = -tone[i];
    }
    refused(modality, TestSounds.floatWav(RATE, tone, opposite), Reason.SILENT, "mean of its");
  }

  @Test
  void aSettingThatFitsNothingIsWrongUsage() {
    assertThatThrownBy(() -> modality("audio.mel.high = 9000"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("at most half of rate, 8000.0, but was: 9000.0");
    assertThatThrownBy(() -> modality("audio.min-seconds = 20, audio.max-seconds = 10"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("min-seconds must be at most max-seconds, 10.0, but was: 20.0");
    assertThatThrownBy(() -> modality("audio.max-seconds = 80000"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("at most 62500.0 at this rate");
  }

  @Test
  void evaluationClipsAreEvenlySpaced() throws Exception {
    float[] tones = tones(300, 1000, 3000);
    Modality one = modality(PLAIN);
    Modality three = modality(PLAIN + "audio.clips = 3");
    Decoded sound = sound(one, tones);
    assertThat(sound.seconds()).isEqualTo(3);
    assertThat(sound.bytes()).isEqualTo(4L * 3 * RATE);
    int low = loudestBand(view(three, sound, ViewKind.EVALUATION, 0), 50);
    int middle = loudestBand(view(three, sound, ViewKind.EVALUATION, 1), 50);
    int high = loudestBand(view(three, sound, ViewKind.EVALUATION, 2), 50);
    assertThat(low).isLessThan(middle);
    assertThat(middle).isLessThan(high);
    assertThat(view(one, sound, ViewKind.EVALUATION, 0))
        .containsExactly(view(three, sound, ViewKind.EVALUATION, 1));
  }

  @Test
  void aShortSoundLiesInTheMiddleOrIsRepeated() throws Exception {
    float[] tone = TestSounds.tone(1000, 0.2, RATE);
    Modality zeros = modality(PLAIN);
    float[] filled = view(zeros, sound(zeros, tone), ViewKind.EVALUATION, 0);
    float silence = (float) ((Math.log(1e-6) + 8) / 4);
    int band = loudestBand(filled, 50);
    assertThat(filled[band * FRAMES + 20]).isCloseTo(silence, within(1e-4f));
    assertThat(filled[band * FRAMES + 80]).isCloseTo(silence, within(1e-4f));
    assertThat(filled[band * FRAMES + 50]).isGreaterThan(silence + 1);
    Modality repeat = modality(PLAIN + "audio.fill = repeat");
    float[] repeated = view(repeat, sound(repeat, tone), ViewKind.EVALUATION, 0);
    for (int frame = 2; frame < FRAMES - 2; frame++) {
      assertThat(repeated[band * FRAMES + frame]).isGreaterThan(silence + 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"WEAK", "STRONG"})
  void theSeedDecides(ViewKind kind) throws Exception {
    Modality modality = modality("audio.augmentation.noise = 20");
    for (double seconds : new double[] {1, 5, 8}) {
      Decoded sound = sound(modality, TestSounds.tone(440, seconds, RATE));
      float[] first = view(modality, sound, kind, 1);
      assertThat(view(modality, sound, kind, 1)).containsExactly(first);
      assertThat(view(modality, sound, kind, 2)).isNotEqualTo(first);
    }
  }

  @Test
  void longSoundsGiveRandomWindows() throws Exception {
    Modality modality = modality(PLAIN);
    Decoded sound = sound(modality, tones(300, 1000, 3000));
    long bands =
        LongStream.range(0, 20)
            .map(seed -> loudestBand(view(modality, sound, ViewKind.WEAK, seed), 50))
            .distinct()
            .count();
    assertThat(bands).isEqualTo(3);
  }

  @Test
  void shiftGainAndNoiseAreThoseOfTheSettings() throws Exception {
    float[] impulse = new float[RATE];
    impulse[RATE / 2] = 1;
    Modality shift = modality(PLAIN + "audio.augmentation.shift = 0.1");
    Modality gain = modality(PLAIN + "audio.augmentation.gain = 12, audio.mel.floor = 1e-12");
    Decoded sound = sound(shift, impulse);
    float[] original = view(gain, sound, ViewKind.EVALUATION, 0);
    boolean moved = false;
    for (int seed = 0; seed < 20; seed++) {
      float[] shifted = view(shift, sound, ViewKind.WEAK, seed);
      int frame = 0;
      for (int i = 0; i < FRAMES; i++) {
        frame = shifted[40 * FRAMES + i] > shifted[40 * FRAMES + frame] ? i : frame;
      }
      assertThat(frame).isBetween(39, 61);
      moved |= frame < 47 || frame > 53;
      float change = view(gain, sound, ViewKind.WEAK, seed)[40 * FRAMES + 50];
      double decibels = (change - original[40 * FRAMES + 50]) * 4 * 10 / Math.log(10);
      assertThat(decibels).isBetween(-12.01, 12.01).isNotZero();
    }
    assertThat(moved).isTrue();
    Modality noise = modality(PLAIN + "audio.augmentation.noise = 10");
    float[] quiet = view(noise, sound, ViewKind.EVALUATION, 0);
    float[] noisy = view(noise, sound, ViewKind.WEAK, 3);
    assertThat(noisy[40 * FRAMES + 5]).isGreaterThan(quiet[40 * FRAMES + 5] + 0.1f);
  }

  /** Without masks the strong view is the weak one; with them it has rows and columns of zeros. */
  @Test
  void masksAreTheOnlyDifferenceOfStrongViews() throws Exception {
    Modality plain =
        modality("audio { seconds = 1, augmentation { time-masks = 0, band-masks = 0 } }");
    Modality masked =
        modality(
            "audio { seconds = 1, augmentation { time-masks = 1, time-mask = 0.3, band-masks = 1,"
                + " band-mask = 0.3 } }");
    Decoded sound = sound(plain, tones(300, 1000));
    int changed = 0;
    for (int seed = 0; seed < 10; seed++) {
      float[] weak = view(masked, sound, ViewKind.WEAK, seed);
      assertThat(view(plain, sound, ViewKind.STRONG, seed)).containsExactly(weak);
      float[] strong = view(masked, sound, ViewKind.STRONG, seed);
      for (int i = 0; i < strong.length; i++) {
        if (strong[i] != weak[i]) {
          assertThat(strong[i]).isZero();
          changed++;
        }
      }
    }
    assertThat(changed).isBetween(100, 10 * 64 * FRAMES * 51 / 100);
  }

  @Test
  void aSoundIsShownAsItsSpectrogram() throws Exception {
    Modality modality = modality("");
    DecodedImage picture = sound(modality, tones(300, 3000)).picture();
    assertThat(picture.height()).isEqualTo(128);
    assertThat(picture.width()).isEqualTo(201);
    assertThat(green(picture, 50, 110)).isGreaterThan(green(picture, 50, 20));
    DecodedImage longer = sound(modality, TestSounds.tone(440, 61, RATE)).picture();
    assertThat(longer.width()).isEqualTo(480);
  }

  private static int green(DecodedImage picture, int x, int y) {
    return picture.rgb()[3 * (y * picture.width() + x) + 1] & 0xFF;
  }

  @Test
  void aModalityTravelsToExecutors() throws Exception {
    Modality modality = modality(PLAIN);
    Decoded sound = sound(modality, tones(300));
    float[] here = view(modality, sound, ViewKind.WEAK, 5);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(modality);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      Modality there = (Modality) in.readObject();
      assertThat(view(there, sound, ViewKind.WEAK, 5)).containsExactly(here);
    }
  }
}
