package io.github.lsgspark.dataset.modality;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.image.ImageDecoder;
import io.github.lsgspark.dataset.image.TestImages;
import io.github.lsgspark.dataset.media.SoundDecoder;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Files are called by their format, whatever their names are. */
class FileFormatTest {
  private static final ImageDecoder IMAGES = ImageDecoder.of(SettingsLoader.parse("").prepare());

  private static byte[] bytes(String start) {
    return Arrays.copyOf(start.getBytes(StandardCharsets.ISO_8859_1), 2000);
  }

  private static UnreadableSampleException image(byte[] content) {
    try {
      throw new AssertionError("was opened: " + IMAGES.decode(content));
    } catch (UnreadableSampleException e) {
      return e;
    }
  }

  private static UnreadableSampleException sound(byte[] content) {
    try {
      throw new AssertionError("was opened: " + SoundDecoder.decode(content, 16_000, 10).length);
    } catch (UnreadableSampleException e) {
      return e;
    }
  }

  private static void assertBoth(byte[] content, Reason image, Reason sound, String name) {
    UnreadableSampleException asImage = image(content);
    assertThat(asImage).as("as image").hasMessageStartingWith("is " + name + ";");
    assertThat(asImage.reason()).as("as image").isEqualTo(image);
    UnreadableSampleException asSound = sound(content);
    assertThat(asSound).as("as sound").hasMessageStartingWith("is " + name + ";");
    assertThat(asSound.reason()).as("as sound").isEqualTo(sound);
  }

  static Object[][] unopened() {
    return new Object[][] {
      {"wvpk", "a WavPack sound"},
      {"TTA1", "a True Audio (TTA) sound"},
      {"MAC ", "a Monkey's Audio (APE) sound"},
      {"\u007f\u00fe\u0080\u0001", "a DTS sound"},
      {"\u00fe\u007f\u0001\u0080", "a DTS sound"},
      {"\u00ff\u001f\u0000\u00e8", "a DTS sound"},
      {"MThd", "a MIDI file, notes and no sound"},
      {"MPCK", "a Musepack sound"},
      {"tBaK", "a TAK sound"},
      {"FRM8", "a DSD sound (DSDIFF)"},
      {".RMF", "a RealMedia film"},
      {"8BPS", "a Photoshop (PSD) picture"},
      {"FUJIFILMCCD-RAW", "a camera raw file (RAF)"},
      {"IIRO", "a camera raw file (ORF)"},
      {"II*\u0000\u0010\u0000\u0000\u0000CR\u0002\u0000", "a camera raw file (CR2)"},
      {"\u0000\u0000\u0000\u0018ftypcrx ", "a camera raw file (CR3)"},
      {"\u0000\u0000\u0000\u0018ftypavis", "an animated AVIF picture"},
      {"\u0000\u0000\u0000\u0018ftypheic", "a HEIC picture"},
      {
        "RIFF\u0010\u0000\u0000\u0000WEBPVP8X\n\u0000\u0000\u0000\u0002", "an animated WebP picture"
      },
      {"\u0000\u0000\u0000\u000cJXL \r\n\u0087\n", "a JPEG XL picture"},
      {"v/1\u0001", "an OpenEXR picture"},
      {"<svg xmlns='x'>", "an SVG drawing"},
      {"<?xml version='1.0'?><!-- made --><svg>", "an SVG drawing"},
    };
  }

  @ParameterizedTest
  @MethodSource("unopened")
  void formatsThatAreNotOpenedAreNamed(String start, String name) {
    byte[] content = bytes(start);
    assertBoth(content, Reason.UNSUPPORTED_FORMAT, Reason.UNSUPPORTED_FORMAT, name);
  }

  static Object[][] others() {
    return new Object[][] {
      {"<html>", "an HTML page"},
      {"<!DOCTYPE html>", "an HTML page"},
      {"<?xml version='1.0'?><Error>", "an XML file"},
      {"%PDF-1.7", "a PDF document"},
      {"#EXTM3U", "a playlist (M3U), which names other files"},
      {"\u0093NUMPY", "a NumPy array"},
      {"\u0000\u0005\u0016\u0007", "an AppleDouble file of macOS, without content"},
      {
        "version https://git-lfs.github.com/spec/v1",
        "a Git LFS pointer, not the content: run git lfs pull"
      },
    };
  }

  @ParameterizedTest
  @MethodSource("others")
  void otherFilesAreNamed(String start, String name) {
    assertBoth(bytes(start), Reason.NOT_AN_IMAGE, Reason.NOT_MEDIA, name);
  }

  @Test
  void aTagBeforeTheContentIsPassedOver() {
    byte[] tagged = bytes("ID3\u0003\u0000\u0000\u0000\u0000\u0000\u0005xxxxxTTA1");
    assertThat(sound(tagged)).hasMessageStartingWith("is a True Audio (TTA) sound");
  }

  private static byte[] png(String... chunks) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("\u0089PNG\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1));
    for (String chunk : chunks) {
      out.writeBytes(ByteBuffer.allocate(4).putInt(8).array());
      out.writeBytes(chunk.getBytes(StandardCharsets.US_ASCII));
      out.writeBytes(new byte[12]);
    }
    return out.toByteArray();
  }

  @Test
  void anAnimatedPngIsNoFilm() {
    UnreadableSampleException animated = sound(png("IHDR", "acTL", "IDAT"));
    assertThat(animated.reason()).isEqualTo(Reason.UNSUPPORTED_FORMAT);
    assertThat(animated).hasMessageStartingWith("is an animated PNG;");
    UnreadableSampleException still = sound(png("IHDR", "IDAT", "acTL"));
    assertThat(still.reason()).isEqualTo(Reason.NOT_MEDIA);
    assertThat(still).hasMessageStartingWith("is a PNG picture;");
    assertThat(FileFormat.notOpenedAsPicture(png("IHDR", "acTL", "IDAT")))
        .as("its first picture is one")
        .isEmpty();
  }

  private static byte[] tiff(int... tags) {
    ByteBuffer file = ByteBuffer.allocate(400).order(ByteOrder.LITTLE_ENDIAN);
    file.put(0, (byte) 'I').put(1, (byte) 'I').putShort(2, (short) 42).putInt(4, 8);
    file.putShort(8, (short) tags.length);
    for (int i = 0; i < tags.length; i++) {
      file.putShort(10 + 12 * i, (short) tags[i]).putShort(12 + 12 * i, (short) 4);
      file.putInt(14 + 12 * i, 1).putInt(18 + 12 * i, 1);
    }
    return file.array();
  }

  @Test
  void rawFilesOfCamerasAreNotTheirPreviews() {
    assertThat(image(tiff(0xFE, 0x10F, 0x14A)))
        .hasMessageStartingWith("is a camera raw file (NEF, ARW");
    assertThat(image(tiff(0xFE, 0xC612))).hasMessageStartingWith("is a camera raw file (DNG);");
    assertThat(FileFormat.notOpenedAsPicture(tiff(0x100, 0x101, 0x10F))).isEmpty();
  }

  static Object[][] films() {
    return new Object[][] {
      {"\u0000\u0000\u0000\u0018ftypisom", "an MP4 or QuickTime file"},
      {"\u001a\u0045\u00df\u00a3", "a Matroska or WebM file"},
      {"RIFF\u0010\u0000\u0000\u0000WAVE", "a WAV sound"},
      {"OggS", "an Ogg file"},
      {"ID3\u0003", "an MP3 sound"},
    };
  }

  @ParameterizedTest
  @MethodSource("films")
  void soundsAndFilmsAreNoPictures(String start, String name) {
    UnreadableSampleException refused = image(bytes(start));
    assertThat(refused.reason()).isEqualTo(Reason.NOT_AN_IMAGE);
    assertThat(refused).hasMessageStartingWith("is " + name + ";");
  }

  @ParameterizedTest
  @CsvSource({
    "w-RGB-lossy.webp, a WebP picture",
    "2-RGB.jp2, a JPEG 2000 picture",
    "a-420.avif, an AVIF picture",
    "t-RGB-raw.tif, a TIFF picture"
  })
  void picturesAreNoSounds(String file, String name) throws Exception {
    UnreadableSampleException refused = sound(TestImages.ofZip(file));
    assertThat(refused.reason()).isEqualTo(Reason.NOT_MEDIA);
    assertThat(refused).hasMessageStartingWith("is " + name + ";");
  }

  /** FFmpeg's reader dies of such files where they are damaged. */
  @Test
  void aPictureThatCallsItselfAFilmIsNone() throws Exception {
    byte[] file = TestImages.ofZip("a-420.avif");
    for (int at = 8; at < 32; at += 4) {
      System.arraycopy("isom".getBytes(StandardCharsets.US_ASCII), 0, file, at, 4);
    }
    assertThat(sound(file)).hasMessageStartingWith("is a HEIF picture;");
  }
}
