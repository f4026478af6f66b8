package io.github.lsgspark.dataset.synthetic;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.media.ClipDecoder;
import io.github.lsgspark.dataset.modality.Clip;
import io.github.lsgspark.dataset.modality.DecodedImage;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That clips show what their names say; that they can be read is SyntheticSourceTest. */
class VideoGeneratorTest {
  private static final int SIZE = 48;
  private static final int FRAMES = 12;
  private static final int SAMPLES = 8;

  /** Where a frame's colour is: all else is grey. */
  private record Coloured(int pixels, double x, double y) {
    static Coloured of(DecodedImage frame) {
      int pixels = 0;
      double x = 0;
      double y = 0;
      for (int i = 0; i < frame.width() * frame.height(); i++) {
        int red = frame.rgb()[3 * i] & 0xFF;
        int green = frame.rgb()[3 * i + 1] & 0xFF;
        int blue = frame.rgb()[3 * i + 2] & 0xFF;
        int most = Math.max(red, Math.max(green, blue));
        if (most - Math.min(red, Math.min(green, blue)) > 70) {
          pixels++;
          x += i % frame.width();
          y += i / frame.width();
        }
      }
      return new Coloured(pixels, x / pixels, y / pixels);
    }
  }

  private static List<Coloured> frames(String name, long seed) throws Exception {
    Settings settings =
        SettingsLoader.parse(
            "data { modality = video, drawn { image-size = %d, seconds = %s } }, video.frame-rate = 10"
                .formatted(SIZE, FRAMES / 10.0));
    byte[] file = new VideoGenerator().make(name, settings.data().drawn(), 1000L * seed);
    Clip clip = new ClipDecoder(settings.video(), 1_000_000).decode(file);
    return IntStream.range(0, clip.frames().length)
        .mapToObj(i -> Coloured.of(clip.frame(i)))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"moving left, -1, 0", "moving right, 1, 0", "rising, 0, -1", "falling, 0, 1"})
  void theShapeGoesWhereTheWordSays(String movement, int right, int down) throws Exception {
    for (int seed = 0; seed < SAMPLES; seed++) {
      List<Coloured> frames = frames("red circle " + movement, seed);
      assertThat(frames).hasSize(FRAMES);
      // It crosses at least 0.4 of the picture, and may leave it by a part of itself.
      double x = frames.get(FRAMES - 1).x() - frames.get(0).x();
      double y = frames.get(FRAMES - 1).y() - frames.get(0).y();
      if (right == 0) {
        assertThat(x).as("seed %d", seed).isBetween(-2.0, 2.0);
        assertThat(down * y).as("seed %d", seed).isGreaterThan(0.25 * SIZE);
      } else {
        assertThat(right * x).as("seed %d", seed).isGreaterThan(0.25 * SIZE);
        assertThat(y).as("seed %d", seed).isBetween(-2.0, 2.0);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"growing, true", "shrinking, false"})
  void theShapeGrowsOrShrinks(String movement, boolean grows) throws Exception {
    for (int seed = 0; seed < SAMPLES; seed++) {
      List<Coloured> frames = frames("blue square " + movement, seed);
      double factor = (double) frames.get(FRAMES - 1).pixels() / frames.get(0).pixels();
      assertThat(grows ? factor : 1 / factor).as("seed %d", seed).isGreaterThan(1.8);
    }
  }

  @ParameterizedTest
  @CsvSource({"blinking, true", "rising, false"})
  void onlyABlinkingShapeIsGoneFromSomeFrames(String movement, boolean blinks) throws Exception {
    for (int seed = 0; seed < SAMPLES; seed++) {
      List<Coloured> frames = frames("blue cross " + movement, seed);
      long without = frames.stream().filter(frame -> frame.pixels() < 5).count();
      assertThat(without).as("seed %d", seed).matches(n -> blinks ? n > 2 && n < 10 : n == 0);
    }
  }
}
