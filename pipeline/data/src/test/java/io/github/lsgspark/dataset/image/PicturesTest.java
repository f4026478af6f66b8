package io.github.lsgspark.dataset.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.dataset.modality.DecodedImage;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Small pictures of every format that is opened, each with its pixels as Pillow (libjpeg-turbo,
 * libwebp, OpenJPEG, libtiff) or avifdec reads them; make.py beside them made both.
 */
class PicturesTest {
  private static final ImageDecoder DECODER = new ImageDecoder(1 << 20, 1 << 20, 0);
  private static final Map<String, byte[]> FILES = files();

  private static Map<String, byte[]> files() {
    Map<String, byte[]> files = new TreeMap<>();
    try (ZipInputStream zip =
        new ZipInputStream(PicturesTest.class.getResourceAsStream("/pictures/pictures.zip"))) {
      ZipEntry entry;
      while ((entry = zip.getNextEntry()) != null) {
        files.put(entry.getName(), zip.readAllBytes());
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return files;
  }

  static Stream<String> names() {
    return FILES.keySet().stream().filter(name -> FILES.containsKey(name + ".png"));
  }

  /** Lossy decoders round differently. */
  private static int tolerance(String name) {
    return name.matches(".*[.](jpg|webp|avif)|.*(lossy|P|jpeg).*") ? 2 : 0;
  }

  private static int farthest(byte[] rgb, byte[] golden) throws IOException {
    BufferedImage expected = ImageIO.read(new ByteArrayInputStream(golden));
    assertThat(rgb).hasSize(3 * expected.getWidth() * expected.getHeight());
    int farthest = 0;
    for (int i = 0; i < rgb.length; i++) {
      int pixel = expected.getRGB(i / 3 % expected.getWidth(), i / 3 / expected.getWidth());
      int value = pixel >> 8 * (2 - i % 3) & 0xFF;
      farthest = Math.max(farthest, Math.abs(value - (rgb[i] & 0xFF)));
    }
    return farthest;
  }

  @ParameterizedTest
  @MethodSource("names")
  void pixelsAreThoseOfOtherReaders(String name) throws Exception {
    DecodedImage image = DECODER.decode(FILES.get(name));
    byte[] golden = FILES.get(name + ".png");
    BufferedImage expected = ImageIO.read(new ByteArrayInputStream(golden));
    assertThat(image.width()).isEqualTo(expected.getWidth());
    assertThat(image.height()).isEqualTo(expected.getHeight());
    assertThat(farthest(image.rgb(), golden)).isLessThanOrEqualTo(tolerance(name));
  }

  @Test
  void everyFormatIsThere() {
    assertThat(names()).hasSizeGreaterThan(100);
  }

  @ParameterizedTest
  @MethodSource("names")
  void filesCutOffAreNoPictures(String name) {
    byte[] file = FILES.get(name);
    // Of a PNG without its last twenty bytes all pixels are there.
    int most = name.endsWith("png") ? file.length / 2 : file.length - 20;
    for (int kept : new int[] {file.length / 2, most}) {
      assertThatThrownBy(() -> DECODER.decode(Arrays.copyOf(file, kept)))
          .isInstanceOfSatisfying(
              UnreadableSampleException.class,
              e -> assertThat(e.reason()).isIn(Reason.TRUNCATED, Reason.DAMAGED));
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void largeOnesAreRefused(String name) {
    assertThatThrownBy(() -> new ImageDecoder(1 << 20, 24 * 20 - 1, 0).decode(FILES.get(name)))
        .hasMessageContaining("at most 479 are allowed");
  }

  /** Bytes turned at random: a picture or a reason, never another exception. */
  @ParameterizedTest
  @CsvSource({
    "w-RGB-lossy.webp",
    "2-RGB.jp2",
    "a-420.avif",
    "t-RGB-tiff_lzw.tif",
    "bare-012-420.jpg"
  })
  void damageIsAReason(String name) {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      byte[] file = FILES.get(name).clone();
      int part = round % 2 == 0 ? file.length : Math.min(file.length, 120);
      for (int i = 0; i < 3; i++) {
        file[random.nextInt(part)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(DECODER.decode(file).width()).isPositive();
      } catch (UnreadableSampleException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }

  private static byte[] patched(String name, String bytes, int at, int value) {
    byte[] file = FILES.get(name).clone();
    String text = new String(file, StandardCharsets.ISO_8859_1);
    file[text.indexOf(bytes) + at] = (byte) value;
    return file;
  }

  static Object[][] refused() {
    return new Object[][] {
      {FILES.get("refused-float.tif"), "is a TIFF picture of 32-bit fractions;"},
      {FILES.get("refused-grid.avif"), "is an AVIF picture in tiles (a grid)"},
      {FILES.get("refused-lab.tif"), "is a TIFF picture in CIE L*a*b*;"},
      {
        patched("bare-012-444.jpg", "\u00ff\u00c0", 1, 0xC9),
        "is a JPEG picture with arithmetic coding"
      },
      {patched("bare-012-444.jpg", "\u00ff\u00c0", 1, 0xC3), "is a lossless JPEG picture"},
      {patched("bare-012-444.jpg", "\u00ff\u00c0", 4, 12), "is a JPEG picture of 12 bits;"},
      {patched("2-RGB.jp2", "colr\u0001", 10, 12), "is a JPEG 2000 picture in CMYK;"},
      {patched("t-RGB-raw.tif", "II", 2, 43), "is a BigTIFF picture;"},
    };
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatIsNotOpenedIsNamed(byte[] file, String message) {
    assertThatThrownBy(() -> DECODER.decode(file))
        .isInstanceOfSatisfying(
            UnreadableSampleException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED_FORMAT))
        .hasMessageStartingWith(message);
  }

  @Tag("real-data")
  @ParameterizedTest
  @CsvSource({
    "nojfif-012-444.jpg",
    "webp-named.jpg",
    "webp.webp",
    "avif.avif",
    "exif6.tif",
    "jp2.jp2",
    "gif-offset.gif"
  })
  void casesAreOpened(String name) throws Exception {
    Path cases = Path.of(System.getProperty("lsg.shared.dir"), "cases", "img");
    DecodedImage image = DECODER.decode(Files.readAllBytes(cases.resolve(name)));
    byte[] golden = FILES.get("case-" + name + ".png");
    assertThat(farthest(image.rgb(), golden)).isLessThanOrEqualTo(8);
  }
}
