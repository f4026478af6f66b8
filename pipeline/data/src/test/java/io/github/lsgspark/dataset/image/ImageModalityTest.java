package io.github.lsgspark.dataset.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.dataset.modality.DecodedImage;
import io.github.lsgspark.dataset.modality.ViewKind;
import java.io.IOException;
import java.nio.FloatBuffer;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ImageModalityTest {
  private static DecodedImage image;

  @BeforeAll
  static void draw() throws Exception {
    image = new ImageDecoder(1 << 20, 1 << 20, 0).decode(TestImages.gradient(90, 70, "png"));
  }

  private static final ImageDecoder DECODER = ImageDecoder.of(SettingsLoader.parse("").prepare());

  private static ImageModality maker(String augmentation) throws IOException {
    TrainSettings train =
        SettingsLoader.parse("train.augmentation { " + augmentation + " }").train();
    return new ImageModality(
        DECODER, 32, TrainSettings.Normalization.IMAGENET, train.augmentation());
  }

  private static float[] view(ImageModality maker, ViewKind kind, long seed) {
    float[] view = new float[maker.length()];
    maker.write(image, kind, seed, FloatBuffer.wrap(view));
    return view;
  }

  /** The first value of each channel of a picture of one colour. */
  private static float[] colour(TrainSettings.Normalization normalization, int r, int g, int b)
      throws IOException {
    byte[] pixels = new byte[3 * 4];
    for (int i = 0; i < 4; i++) {
      pixels[3 * i] = (byte) r;
      pixels[3 * i + 1] = (byte) g;
      pixels[3 * i + 2] = (byte) b;
    }
    ImageModality maker = new ImageModality(DECODER, 2, normalization, maker("").augmentation());
    float[] view = new float[maker.length()];
    maker.write(new DecodedImage(2, 2, pixels), ViewKind.EVALUATION, 0, FloatBuffer.wrap(view));
    return new float[] {view[0], view[4], view[8]};
  }

  @Test
  void pixelsAreScaledAsTheNetworkExpects() throws IOException {
    Offset<Float> near = within(1e-4f);
    assertThat(colour(TrainSettings.Normalization.INCEPTION, 255, 0, 51))
        .containsExactly(new float[] {1, -1, -0.6f}, near);
    assertThat(colour(TrainSettings.Normalization.KINETICS, 255, 0, 51))
        .containsExactly(new float[] {2.490199f, -1.782190f, -0.813175f}, near);
    assertThat(colour(TrainSettings.Normalization.IMAGENET, 255, 0, 51))
        .containsExactly(new float[] {2.248908f, -2.035714f, -0.915556f}, near);
    assertThat(colour(TrainSettings.Normalization.CAFFE_BGR, 255, 0, 51))
        .containsExactly(new float[] {-52.939f, -116.779f, 131.32f}, near);
  }

  @ParameterizedTest
  @EnumSource(ViewKind.class)
  void theSeedAloneDecides(ViewKind kind) throws IOException {
    ImageModality maker = maker("");
    assertThat(view(maker, kind, 5)).isEqualTo(view(maker, kind, 5));
    if (kind != ViewKind.EVALUATION) {
      assertThat(view(maker, kind, 5)).isNotEqualTo(view(maker, kind, 6));
    }
  }

  @Test
  void theStrongViewIsTheWeakOneOfTheSameSeedChanged() throws IOException {
    ImageModality maker = maker("");
    ImageModality unchanging = maker("rand-augment { operations = 0, cutout = 0 }");
    for (int seed = 0; seed < 20; seed++) {
      float[] weak = view(maker, ViewKind.WEAK, seed);
      assertThat(view(maker, ViewKind.STRONG, seed)).isNotEqualTo(weak);
      float[] rounded = view(unchanging, ViewKind.STRONG, seed);
      for (int i = 0; i < weak.length; i++) {
        assertThat(rounded[i]).isCloseTo(weak[i], within(0.5001f / 255 / 0.224f));
      }
    }
  }

  @Test
  void pairsOfViewsAreWeakThenStrong() {
    assertThat(ViewKind.of(TrainSettings.Views.WEAK_STRONG, 0)).isEqualTo(ViewKind.WEAK);
    assertThat(ViewKind.of(TrainSettings.Views.WEAK_STRONG, 1)).isEqualTo(ViewKind.STRONG);
    assertThat(ViewKind.of(TrainSettings.Views.STRONG, 0)).isEqualTo(ViewKind.STRONG);
    assertThat(ViewKind.of(TrainSettings.Views.WEAK, 1)).isEqualTo(ViewKind.WEAK);
  }

  @Test
  void coloursLieInPlanesNormalised() throws IOException {
    byte[] rgb = new byte[3 * 40 * 40];
    for (int i = 0; i < rgb.length; i += 3) {
      rgb[i] = (byte) 255;
    }
    ImageModality maker = maker("");
    float[] view = new float[maker.length()];
    maker.write(new DecodedImage(40, 40, rgb), ViewKind.WEAK, 1, FloatBuffer.wrap(view));
    int plane = 32 * 32;
    for (int i = 0; i < plane; i++) {
      assertThat(view[i]).isCloseTo((1 - 0.485f) / 0.229f, within(1e-5f));
      assertThat(view[plane + i]).isCloseTo(-0.456f / 0.224f, within(1e-5f));
      assertThat(view[2 * plane + i]).isCloseTo(-0.406f / 0.225f, within(1e-5f));
    }
  }
}
