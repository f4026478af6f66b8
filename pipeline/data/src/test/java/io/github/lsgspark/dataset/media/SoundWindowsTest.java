package io.github.lsgspark.dataset.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Windows of a sound are the pieces of the whole sound, decoded at once. */
class SoundWindowsTest {
  private static final int RATE = 16000;

  private static byte[] noise(int rate, double seconds) {
    SplittableRandom random = new SplittableRandom(3);
    float[] samples = new float[(int) (seconds * rate)];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) (random.nextDouble() - 0.5);
    }
    return TestSounds.wav(rate, new float[][] {samples});
  }

  /** First samples of windows as their definition has them. */
  private static List<Long> starts(int samples, int length, int step) {
    List<Long> starts = new ArrayList<>();
    if (samples < length) {
      return List.of(0L);
    }
    long covered = 0;
    for (long start = 0; start + length <= samples; start += step) {
      starts.add(start);
      covered = start + length;
    }
    if (covered < samples) {
      starts.add((long) samples - length);
    }
    return starts;
  }

  @ParameterizedTest
  @CsvSource({
    "16000, 3.0, 8000, 4000",
    "16000, 3.1, 8000, 8000",
    "44100, 4.37, 5000, 1234",
    "44100, 4.37, 5000, 13000",
    "8000, 10, 7000, 60000",
    "48000, 0.2, 8000, 4000",
    "22050, 0.5, 8000, 1",
    "16000, 0.5, 8000, 100",
    "16000, 2, 1, 7000"
  })
  void piecesOfTheWhole(int rate, double seconds, int length, int step) throws Exception {
    byte[] file = noise(rate, seconds);
    float[] whole = SoundDecoder.decode(file, RATE, 60);
    TreeMap<Long, float[]> windows = new TreeMap<>();
    SoundDecoder.windows(
        file,
        RATE,
        length,
        step,
        (window, first) -> assertThat(windows.put(first, window)).isNull());
    assertThat(windows.keySet()).containsExactlyElementsOf(starts(whole.length, length, step));
    windows.forEach(
        (first, window) ->
            assertThat(window)
                .isEqualTo(
                    Arrays.copyOfRange(
                        whole,
                        first.intValue(),
                        Math.min(whole.length, first.intValue() + length))));
  }

  @Test
  void whatCannotBeDecodedIsRefused() {
    assertThatThrownBy(
            () -> SoundDecoder.windows(new byte[100], RATE, 100, 100, (window, first) -> {}))
        .isInstanceOf(UnreadableSampleException.class);
    byte[] cut = Arrays.copyOf(noise(RATE, 4), 60_000);
    assertThatThrownBy(() -> SoundDecoder.windows(cut, RATE, 100, 100, (window, first) -> {}))
        .isInstanceOfSatisfying(
            UnreadableSampleException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.TRUNCATED));
  }
}
