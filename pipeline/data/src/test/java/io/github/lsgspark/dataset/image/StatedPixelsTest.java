package io.github.lsgspark.dataset.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.config.PixelSpec;
import io.github.lsgspark.config.PixelSpec.Interpolation;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.TrainSettings.Normalization;
import io.github.lsgspark.dataset.InputSpec;
import io.github.lsgspark.dataset.modality.DecodedImage;
import io.github.lsgspark.dataset.modality.Modality;
import io.github.lsgspark.dataset.modality.ViewKind;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Images as the file beside a network's weights wants them. */
class StatedPixelsTest {
  private static final Settings SETTINGS = SettingsLoader.parse("train.image-size = 16");

  private static PixelSpec spec(Interpolation interpolation, boolean keepsAspect, double share) {
    return new PixelSpec(
        List.of(0.1, 0.2, 0.3), List.of(0.4, 0.5, 0.8), interpolation, keepsAspect, share);
  }

  private static InputSpec input(PixelSpec pixels) {
    return InputSpec.of(SETTINGS, Normalization.IMAGENET).with(Optional.of(pixels));
  }

  /** Red grows to the right, green downwards; blue is 255 on the left half. */
  private static DecodedImage image(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int at = 3 * (y * width + x);
        rgb[at] = (byte) (4 * x);
        rgb[at + 1] = (byte) (4 * y);
        rgb[at + 2] = (byte) (x < width / 2 ? 255 : 0);
      }
    }
    return new DecodedImage(width, height, rgb);
  }

  private static float[] view(PixelSpec pixels, DecodedImage image) {
    Modality modality = input(pixels).open(SETTINGS.prepare());
    float[] view = new float[3 * 16 * 16];
    modality.write(image, ViewKind.EVALUATION, 0, FloatBuffer.wrap(view));
    return view;
  }

  private static double red(float[] view, int x) {
    return 255 * (view[8 * 16 + x] * 0.4 + 0.1);
  }

  @Test
  void theMiddleIsCutOrTheWholeBecomesASquare() {
    // The middle 32 of 64 columns, two to a place: place 0 shows columns 16 and 17.
    float[] middle = view(spec(Interpolation.BILINEAR, true, 1), image(64, 32));
    assertThat(red(middle, 8)).isCloseTo(4 * 32.5, within(0.01));
    float[] half = view(spec(Interpolation.BILINEAR, true, 0.5), image(64, 32));
    assertThat(red(half, 8)).isCloseTo(4 * 32.0, within(0.01));
    float[] share = view(spec(Interpolation.BILINEAR, false, 0.5), image(64, 32));
    assertThat(red(share, 8)).isCloseTo(4 * 32.5, within(0.01));
    float[] whole = view(spec(Interpolation.BILINEAR, false, 1), image(64, 32));
    assertThat(red(whole, 8)).isCloseTo(4 * 33.5, within(0.01));
  }

  /** Both interpolations keep straight lines, and cubic convolution never leaves the colours. */
  @Test
  void cubicConvolutionOvershootsAtEdgesAndStaysInRange() {
    float[] linear = view(spec(Interpolation.BILINEAR, false, 1), image(48, 48));
    float[] cubic = view(spec(Interpolation.BICUBIC, false, 1), image(48, 48));
    for (int x = 2; x < 14; x++) {
      assertThat(red(cubic, x)).isCloseTo(red(linear, x), within(0.01));
    }
    int blue = 2 * 256 + 8 * 16;
    double high = 255 * (cubic[blue + 6] * 0.8 + 0.3);
    double low = 255 * (cubic[blue + 9] * 0.8 + 0.3);
    assertThat(high).isBetween(254.9, 255.01);
    assertThat(low).isBetween(-0.01, 0.1);
    // Beside the edge the cubic is steeper.
    assertThat(cubic[blue + 7]).isGreaterThan(linear[blue + 7]);
  }

  @Test
  void aModelKeepsItAsJson() throws Exception {
    ObjectMapper json = new ObjectMapper();
    InputSpec with = input(spec(Interpolation.BICUBIC, true, 0.875));
    assertThat(json.readValue(json.writeValueAsBytes(with), InputSpec.class)).isEqualTo(with);
    assertThat(with.seen()).contains("bicubic", "0.875", "0.8");
    InputSpec without = InputSpec.of(SETTINGS, Normalization.IMAGENET);
    String text = json.writeValueAsString(without);
    assertThat(text).doesNotContain("pixels");
    assertThat(json.readValue(text, InputSpec.class)).isEqualTo(without);
    assertThat(with.ofSize(32).pixels()).isEqualTo(with.pixels());
  }

  @Test
  void valuesOutOfRangeAreRefused() {
    assertThatThrownBy(() -> spec(Interpolation.BICUBIC, true, 0))
        .hasMessageContaining("share be above 0");
    assertThatThrownBy(
            () -> new PixelSpec(List.of(0.1), List.of(1.0), Interpolation.BICUBIC, true, 1))
        .hasMessageContaining("three numbers each, but were: [0.1], [1.0]");
    assertThatThrownBy(
            () ->
                new PixelSpec(
                    List.of(0.1, 0.1, 0.1), List.of(1.0, 0.0, 1.0), Interpolation.BICUBIC, true, 1))
        .hasMessageContaining("deviations above 0");
  }
}
