package io.github.lsgspark.dataset.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.dataset.image.TestImages;
import io.github.lsgspark.dataset.modality.DecodedImage;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of many formats, decoded and listened to. */
class SoundDecoderTest {
  private static final int RATE = 16000;
  private static final double LEVEL = 0.5 / Math.sqrt(2);

  private static float[] decode(byte[] file) throws UnreadableSampleException {
    return SoundDecoder.decode(file, RATE, 60);
  }

  private static void refused(byte[] file, Reason reason, String message) {
    assertThatThrownBy(() -> decode(file))
        .isInstanceOfSatisfying(
            UnreadableSampleException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageContaining(message);
  }

  private static float[][] channels(int count, float[] same) {
    float[][] channels = new float[count][];
    Arrays.fill(channels, same);
    return channels;
  }

  private static byte[] encoded(String ending, String codec, int rate, int channels, double seconds)
      throws IOException {
    return SoundWriter.encoded(
        ending, codec, Map.of(), rate, channels(channels, TestSounds.tone(440, seconds, rate)));
  }

  private static byte[] toneFile(int rate, int channels, double seconds) {
    return TestSounds.wav(rate, channels(channels, TestSounds.tone(440, seconds, rate)));
  }

  private static void isTheTone(float[] decoded, double seconds, double slack) {
    assertThat(decoded.length / (double) RATE).isCloseTo(seconds, within(slack));
    TestSounds.Heard heard = TestSounds.Heard.of(decoded, RATE, 440);
    assertThat(heard.share()).isGreaterThan(0.99);
    assertThat(heard.level()).isCloseTo(LEVEL, within(0.02));
  }

  @ParameterizedTest
  @CsvSource({
    "wav, pcm_s16le, 16000, 1",
    "wav, pcm_s24le, 44100, 2",
    "wav, pcm_f32le, 48000, 6",
    "wav, pcm_u8, 8000, 1",
    "wav, pcm_s16le, 192000, 8",
    "wav, pcm_s16le, 22050, 5",
    "wav, adpcm_ms, 22050, 2",
    "aiff, pcm_s16be, 44100, 2",
    "flac, flac, 44100, 2",
    "flac, flac, 96000, 1",
    "mp3, libmp3lame, 44100, 2",
    "mp3, libmp3lame, 16000, 1",
    "ogg, vorbis, 44100, 2",
    "ogg, flac, 22050, 1",
    "opus, libopus, 48000, 2",
    "m4a, aac, 44100, 2",
    "mka, libopus, 48000, 1"
  })
  void aToneIsTheSameToneInAllFormats(String ending, String codec, int rate, int channels)
      throws Exception {
    isTheTone(decode(encoded(ending, codec, rate, channels, 1.5)), 1.5, 0.06);
  }

  @Test
  void samplesOfTheWantedRateComeThroughAsTheyAre() throws Exception {
    float[] tone = TestSounds.tone(440, 0.3, RATE);
    assertThat(decode(TestSounds.floatWav(RATE, tone))).containsExactly(tone);
  }

  @Test
  void channelsAreAveraged() throws Exception {
    float[] tone = TestSounds.tone(440, 0.3, RATE);
    float[] silence = new float[tone.length];
    float[] decoded = decode(TestSounds.floatWav(RATE, tone, silence, silence, silence));
    for (int i = 0; i < tone.length; i++) {
      assertThat(decoded[i]).isCloseTo(tone[i] / 4, within(1e-6f));
    }
  }

  /** More channels than any loudspeaker arrangement that FFmpeg knows. */
  @Test
  void channelsWithoutANameAreAveragedToo() throws Exception {
    isTheTone(decode(toneFile(RATE, 19, 0.5)), 0.5, 1e-3);
  }

  @Test
  void aResampledToneKeepsItsPlaceInTime() throws Exception {
    float[] tone = TestSounds.tone(440, 1, 44100);
    float[] expected = TestSounds.tone(440, 1, RATE);
    float[] decoded = decode(TestSounds.floatWav(44100, tone));
    assertThat(decoded.length).isBetween(expected.length - 2, expected.length + 2);
    for (int i = 100; i < expected.length - 100; i++) {
      assertThat(decoded[i]).as("sample %d", i).isCloseTo(expected[i], within(2e-3f));
    }
  }

  /** Ogg files behind one another are one file, in which the rate changes. */
  @Test
  void theFormatMayChangeOnTheWay() throws Exception {
    byte[] slow = encoded("ogg", "vorbis", 22050, 2, 1);
    byte[] fast = encoded("ogg", "vorbis", 44100, 2, 1);
    float[] decoded = decode(TestSounds.joined(slow, fast));
    assertThat(decoded.length / (double) RATE).isCloseTo(2, within(0.1));
    isTheTone(Arrays.copyOfRange(decoded, 0, RATE), 1, 0);
    isTheTone(Arrays.copyOfRange(decoded, decoded.length - RATE, decoded.length), 1, 0);
  }

  @Test
  void threadsDoNotDisturbEachOther() throws Exception {
    byte[] mp3 = encoded("mp3", "libmp3lame", 44100, 2, 2);
    float[] alone = decode(mp3);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<float[]>> all = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        all.add(threads.submit(() -> decode(mp3)));
      }
      for (Future<float[]> one : all) {
        assertThat(one.get()).containsExactly(alone);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aFileIsWhatItHoldsWhateverItsNameSays() throws Exception {
    byte[] image = TestImages.gradient(64, 64, "png");
    refused(image, Reason.NOT_MEDIA, "is a PNG picture");
    refused(
        "#EXTM3U\nfile:///etc/passwd\n".getBytes(StandardCharsets.UTF_8),
        Reason.NOT_MEDIA,
        "is a playlist");
    refused(
        "<html>not found</html>".getBytes(StandardCharsets.UTF_8),
        Reason.NOT_MEDIA,
        "is an HTML page");
    refused(
        "nothing known".getBytes(StandardCharsets.UTF_8), Reason.NOT_MEDIA, "no sound or video");
  }

  @Test
  void emptyFilesAndEmptySounds() {
    refused(new byte[0], Reason.EMPTY_FILE, "no bytes");
    refused(TestSounds.wav(RATE, new float[0]), Reason.TOO_SHORT, "0 seconds");
  }

  @Test
  void movingPicturesWithoutSound() throws Exception {
    refused(TestImages.gradient(64, 64, "gif"), Reason.NO_STREAM, "no sound");
    DecodedImage picture = new DecodedImage(32, 32, new byte[3 * 32 * 32]);
    byte[] film = ClipWriter.mp4(List.of(picture, picture, picture), 10);
    refused(film, Reason.NO_STREAM, "no sound");
  }

  @ParameterizedTest
  @CsvSource({"wav, pcm_s16le", "flac, flac", "mp3, libmp3lame", "m4a, aac", "aiff, pcm_s16be"})
  void halfAFileIsTruncated(String ending, String codec) throws Exception {
    byte[] whole = encoded(ending, codec, 44100, 2, 4);
    byte[] half = Arrays.copyOf(whole, whole.length / 2);
    refused(half, Reason.TRUNCATED, "states");
  }

  /** Without a count of frames nobody can tell that some are missing. */
  @Test
  void anMp3WithoutAHeaderOfItsLengthIsTakenAsItIs() throws Exception {
    byte[] whole =
        SoundWriter.encoded(
            "mp3",
            "libmp3lame",
            Map.of("write_xing", "0", "id3v2_version", "0"),
            44100,
            TestSounds.tone(440, 4, 44100));
    isTheTone(decode(whole), 4, 0.1);
    byte[] half = Arrays.copyOf(whole, whole.length / 2);
    isTheTone(decode(half), 2, 0.1);
  }

  /** As programs write that send a WAV file before they know its length. */
  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void aWavFileNeedNotStateItsLength(int stated) throws Exception {
    byte[] file = toneFile(RATE, 1, 1);
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(4, stated).putInt(40, stated);
    isTheTone(decode(file), 1, 1e-3);
  }

  @Test
  void aLongSoundIsRefusedBeforeItIsDecodedWhole() throws Exception {
    byte[] file = SoundWriter.encoded("flac", "flac", Map.of(), 8000, new float[8000 * 3600]);
    long start = System.nanoTime();
    assertThatThrownBy(() -> SoundDecoder.decode(file, RATE, 5))
        .isInstanceOfSatisfying(
            UnreadableSampleException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LONG))
        .hasMessageContaining("more than 5.0 seconds");
    assertThat(System.nanoTime() - start).isLessThan(2_000_000_000L);
    assertThat(SoundDecoder.decode(toneFile(RATE, 1, 5), RATE, 5)).hasSize(5 * RATE);
  }

  @Test
  void valuesThatAreNoNumbersAreDamage() {
    float[] samples = TestSounds.tone(440, 0.2, RATE);
    samples[100] = Float.NaN;
    refused(TestSounds.floatWav(RATE, samples), Reason.DAMAGED, "no numbers");
  }

  @Test
  void ratesThatNoSoundHasAreDamage() {
    refused(TestSounds.wav(2_000_000_000, new float[4000]), Reason.DAMAGED, "2000000000 samples");
    refused(TestSounds.wav(1, new float[4000]), Reason.DAMAGED, "1 samples");
  }

  /** Whatever bytes are changed, the JVM lives and the answer is a sound or a reason. */
  @ParameterizedTest
  @CsvSource({"wav, pcm_s16le", "flac, flac", "mp3, libmp3lame", "ogg, vorbis", "m4a, aac"})
  void damagedFilesEndInSoundsOrReasons(String ending, String codec) throws Exception {
    byte[] whole = encoded(ending, codec, 22050, 2, 1);
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 60; i++) {
      byte[] changed = Arrays.copyOf(whole, 1 + random.nextInt(whole.length));
      for (int j = 0; j < 20; j++) {
        changed[random.nextInt(Math.min(changed.length, j < 10 ? 200 : changed.length))] =
            (byte) random.nextInt(256);
      }
      try {
        assertThat(decode(changed)).isNotEmpty();
      } catch (UnreadableSampleException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }
}
