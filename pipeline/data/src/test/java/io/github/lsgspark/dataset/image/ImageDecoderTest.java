package io.github.lsgspark.dataset.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.PixelSpec.Interpolation;
import io.github.lsgspark.dataset.modality.DecodedImage;
import io.github.lsgspark.dataset.modality.Orientation;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Safetensors;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageDecoderTest {
  private static final ImageDecoder DECODER = new ImageDecoder(1 << 20, 1 << 20, 0);

  private static void refused(byte[] file, Reason reason) {
    assertThatThrownBy(() -> DECODER.decode(file))
        .isInstanceOfSatisfying(
            UnreadableSampleException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void whatIsNoImageIsNamed() {
    refused(new byte[0], Reason.EMPTY_FILE);
    refused("<html><body>404</body></html>".getBytes(StandardCharsets.UTF_8), Reason.NOT_AN_IMAGE);
    refused(new byte[2 << 20], Reason.TOO_MANY_BYTES);
  }

  @Test
  void filesThatEndEarlyAreRefused() throws Exception {
    for (String format : new String[] {"png", "jpg"}) {
      byte[] whole = TestImages.gradient(64, 48, format);
      assertThat(DECODER.decode(whole).width()).isEqualTo(64);
      refused(Arrays.copyOf(whole, whole.length / 2), Reason.TRUNCATED);
    }
  }

  @Test
  void largeImagesAreRefusedBeforeTheyAreDecoded() throws Exception {
    byte[] image = TestImages.gradient(64, 48, "png");
    assertThatThrownBy(() -> new ImageDecoder(1 << 20, 64 * 47, 0).decode(image))
        .isInstanceOf(UnreadableSampleException.class)
        .hasMessageContaining("64 x 48 pixels");
  }

  @ParameterizedTest
  @CsvSource({"1, 2, 1", "2, 2, 1", "3, 2, 1", "6, 1, 2", "8, 1, 2"})
  void exifRotationIsApplied(int orientation, int width, int height) {
    byte[] red = {(byte) 255, 0, 0};
    byte[] rgb = {red[0], red[1], red[2], 0, 0, (byte) 255};
    DecodedImage turned = Orientation.apply(new DecodedImage(2, 1, rgb), orientation);
    assertThat(turned.width()).isEqualTo(width);
    assertThat(turned.height()).isEqualTo(height);
    boolean redFirst = orientation == 1 || orientation == 6;
    assertThat(turned.rgb()[0]).isEqualTo(redFirst ? (byte) 255 : 0);
  }

  @Tag("real-data")
  @ParameterizedTest
  @CsvSource({
    "tiny_rgb.jpg, 4",
    "tiny_gray.jpg, 1",
    "made_cmyk.jpg, 4",
    "made_gray16.png, 0",
  })
  void pixelsEqualPillows(String name, int tolerance) throws Exception {
    Path folder = Path.of(System.getProperty("lsg.shared.dir"), "plm", "preprocess");
    Map<String, HostArray> golden = Safetensors.map(folder.resolve("preprocess.safetensors"));
    byte[] rgb = DECODER.decode(Files.readAllBytes(folder.resolve(name))).rgb();
    double[] expected = golden.get(name + ".decoded_uint8_hwc").doubles();
    assertThat(rgb).hasSize(expected.length);
    for (int i = 0; i < rgb.length; i++) {
      assertThat((double) (rgb[i] & 0xFF)).isCloseTo(expected[i], within((double) tolerance));
    }
  }

  /** From the reference's own pixels, so that only the resampling is compared. */
  @Tag("real-data")
  @ParameterizedTest
  @CsvSource({"tiny_rgb.jpg", "tiny_gray.jpg", "made_cmyk.jpg", "made_gray16.png"})
  void resamplingEqualsPillows(String name) throws Exception {
    Path folder = Path.of(System.getProperty("lsg.shared.dir"), "plm", "preprocess");
    Map<String, HostArray> golden = Safetensors.map(folder.resolve("preprocess.safetensors"));
    HostArray decoded = golden.get(name + ".decoded_uint8_hwc");
    int height = (int) decoded.shape()[0];
    int width = (int) decoded.shape()[1];
    byte[] rgb = new byte[decoded.size()];
    decoded.data().duplicate().get(rgb);
    int shortSide = Math.min(width, height);
    double resizedWidth = width == shortSide ? 256 : (int) (256.0 * width / height);
    double resizedHeight = height == shortSide ? 256 : (int) (256.0 * height / width);
    double left = Math.rint((resizedWidth - 224) / 2);
    double top = Math.rint((resizedHeight - 224) / 2);
    double x = width / resizedWidth;
    double y = height / resizedHeight;
    float[] crop = new float[3 * 224 * 224];
    Resampler.resize(
        new DecodedImage(width, height, rgb),
        new Crop(left * x, top * y, 224 * x, 224 * y, false),
        224,
        224,
        Interpolation.BILINEAR,
        (row, values) -> System.arraycopy(values, 0, crop, row * values.length, values.length));
    double[] expected = golden.get(name + ".crop_uint8_hwc").doubles();
    for (int i = 0; i < crop.length; i++) {
      assertThat((double) Math.round(crop[i])).isCloseTo(expected[i], within(1.0));
    }
  }
}
