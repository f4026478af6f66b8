package io.github.lsgspark.dataset.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.modality.Clip;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sounds and videos that other programs misread. */
@Tag("real-data")
class MediaCasesTest {
  private static final Path CASES =
      Path.of(System.getProperty("lsg.shared.dir", "../../shared"), "cases-av");

  private static List<Path> files(String folder) throws IOException {
    try (Stream<Path> files = Files.walk(CASES.resolve(folder))) {
      List<Path> all = files.filter(Files::isRegularFile).sorted().toList();
      assertThat(all).isNotEmpty();
      return all;
    }
  }

  /** All numbers of 16 bits behind a header of 44 bytes. */
  @ParameterizedTest
  @CsvSource({"a1-oddbyte, false", "a2-placeholder, false", "a3-rifx, true"})
  void numbersOfSixteenBits(String folder, boolean largeByteFirst) throws Exception {
    for (Path path : files(folder)) {
      byte[] file = Files.readAllBytes(path);
      ByteOrder order = largeByteFirst ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
      ByteBuffer numbers = ByteBuffer.wrap(file, 44, file.length - 44).order(order);
      float[] decoded = SoundDecoder.decode(file, 16000, 600);
      assertThat(decoded).as(path.toString()).hasSize(16000);
      for (float sample : decoded) {
        assertThat(sample).isCloseTo(numbers.getShort() / 32768f, within(1e-6f));
      }
    }
  }

  @Test
  void aClockOfSoundThatBeginsLater() throws Exception {
    for (Path path : files("a5-clock")) {
      float[] decoded = SoundDecoder.decode(Files.readAllBytes(path), 48000, 600);
      assertThat(decoded).as(path.toString()).containsExactly(FfmpegTool.sound(path, 48000));
    }
  }

  /** What is decoded at once, or refused, is so window by window. */
  @Test
  void windowsAreOfTheSameSound() throws Exception {
    int files = 0;
    for (Path path : files("")) {
      if (!path.toString().matches(".*\\.(wav|mp3|flac|ogg|m4a|mp4|mkv|webm|avi)")) {
        continue;
      }
      files++;
      byte[] file = Files.readAllBytes(path);
      float[] whole;
      try {
        whole = SoundDecoder.decode(file, 16000, 600);
      } catch (UnreadableSampleException e) {
        assertThatThrownBy(() -> SoundDecoder.windows(file, 16000, 4000, 3000, (a, b) -> {}))
            .as(path.toString())
            .isInstanceOfSatisfying(
                UnreadableSampleException.class,
                other -> assertThat(other.reason()).isEqualTo(e.reason()));
        continue;
      }
      SoundDecoder.windows(
          file,
          16000,
          4000,
          3000,
          (window, first) ->
              assertThat(window)
                  .as("%s from %d", path, first)
                  .isEqualTo(Arrays.copyOfRange(whole, (int) first, (int) first + window.length)));
    }
    assertThat(files).isGreaterThan(5);
  }

  private static Clip clip(Path path) throws Exception {
    return new ClipDecoder(
            SettingsLoader.parse("video { frame-rate = 12.5, short-side = 48 }").video(), 1 << 20)
        .decode(Files.readAllBytes(path));
  }

  @ParameterizedTest
  @CsvSource({"v1-mirror, 13, 1", "v2-clock, 13, 1", "v4-restart, 38, 3"})
  void framesAreThoseOfTheWholeVideo(String folder, int frames, double seconds) throws Exception {
    for (Path path : files(folder)) {
      Clip clip = clip(path);
      assertThat(clip.frames()).as(path.toString()).hasDimensions(frames, 3 * 64 * 48);
      assertThat(clip.seconds()).isCloseTo(seconds, within(0.01));
      // Colours between pixels are smoothed in another way.
      byte[] shown = FfmpegTool.pixels(path);
      int size = 3 * 64 * 48;
      for (int i = 0; i < frames; i++) {
        double sum = 0;
        for (int j = 0; j < size; j++) {
          sum += Math.abs((clip.frames()[i][j] & 0xFF) - (shown[2 * i * size + j] & 0xFF));
        }
        assertThat(sum / size).as("%s, frame %d", path, i).isLessThan(4);
      }
    }
  }
}
