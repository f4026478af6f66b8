package io.github.lsgspark.dataset.media;

import static io.github.lsgspark.dataset.media.SmallClips.decoder;
import static io.github.lsgspark.dataset.media.SmallClips.numbers;
import static io.github.lsgspark.dataset.media.SmallClips.refused;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.media.VideoFiles.Recipe;
import io.github.lsgspark.dataset.modality.Clip;
import io.github.lsgspark.dataset.modality.DecodedImage;
import io.github.lsgspark.dataset.modality.FrameSize;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Videos of many kinds: which frames are kept, at what size, and in which colours. */
class ClipDecoderTest {
  private static List<Integer> every(int step, int end) {
    return IntStream.iterate(0, i -> i < end, i -> i + step).boxed().toList();
  }

  @ParameterizedTest
  @CsvSource({
    "mp4, mpeg4",
    "mp4, libopenh264",
    "mov, mjpeg",
    "webm, libvpx",
    "webm, libvpx-vp9",
    "mp4, libaom-av1",
    "matroska, mpeg4",
    "avi, mpeg4",
    "avi, mjpeg",
    "mpegts, mpeg2video",
    "gif, gif"
  })
  void containersAndCodecs(String container, String codec) throws Exception {
    byte[] file = Recipe.of(container, codec, 25).encode(NumberedFrames.frames(40, 96, 64));
    Clip clip = decoder("frame-rate = 12.5").decode(file);
    assertThat(numbers(clip)).isEqualTo(every(2, 40));
    assertThat(clip.width()).isEqualTo(96);
    assertThat(clip.height()).isEqualTo(64);
    assertThat(clip.seconds()).isCloseTo(1.6, within(0.01));
    assertThat(NumberedFrames.number(clip.picture())).isEqualTo(20);
    assertThat(clip.bytes()).isEqualTo(20 * 3 * 96 * 64);
  }

  @ParameterizedTest
  @CsvSource({"30, 10, 3", "29.97, 9.99, 3", "25, 5, 5", "60, 12, 5", "12.5, 50, 1"})
  void framesAreThinnedByTheirTimes(double rate, double kept, int step) throws Exception {
    byte[] file = ClipWriter.mp4(NumberedFrames.frames(60, 48, 32), rate);
    assertThat(numbers(decoder("frame-rate = " + kept).decode(file))).isEqualTo(every(step, 60));
    byte[] webm = Recipe.of("webm", "libvpx", rate).encode(NumberedFrames.frames(60, 48, 32));
    assertThat(numbers(decoder("frame-rate = " + kept).decode(webm))).isEqualTo(every(step, 60));
  }

  @Test
  void oddRatesKeepTheNextFrameOfEachSpan() throws Exception {
    byte[] file = ClipWriter.mp4(NumberedFrames.frames(30, 48, 32), 30);
    assertThat(numbers(decoder("frame-rate = 12.5").decode(file)))
        .startsWith(0, 3, 5, 8, 10, 12, 15)
        .hasSize(13);
  }

  @Test
  void variableFrameRate() throws Exception {
    // Ten frames in the first second, then two a second.
    byte[] file =
        Recipe.of("matroska", "mjpeg", 1000)
            .at(i -> i < 10 ? i * 100 : 1000 + (i - 10) * 500)
            .encode(NumberedFrames.frames(20, 48, 32));
    Clip clip = decoder("frame-rate = 5").decode(file);
    assertThat(numbers(clip))
        .containsExactly(0, 2, 4, 6, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19);
    assertThat(clip.seconds()).isCloseTo(5.5 * 20 / 19, within(0.02));
  }

  @Test
  void ofALongVideoFewerFramesPerSecondAreKept() throws Exception {
    byte[] file = ClipWriter.mp4(NumberedFrames.frames(64, 48, 32), 8);
    assertThat(numbers(decoder("frame-rate = 8", "max-frames = 16").decode(file)))
        .isEqualTo(every(4, 64));
    assertThat(numbers(decoder("frame-rate = 8", "max-frames = 1").decode(file)))
        .containsExactly(0);
  }

  @Test
  void aFileThatStatesNoDurationIsThinnedAsItGoes() throws Exception {
    List<DecodedImage> frames = NumberedFrames.frames(64, 48, 32);
    byte[] file = Recipe.of("h264", "libopenh264", 25).encode(frames);
    List<Integer> kept = numbers(decoder("frame-rate = 100", "max-frames = 20").decode(file));
    assertThat(kept).hasSizeBetween(10, 20).startsWith(0).isSorted().doesNotHaveDuplicates();
    assertThat(kept.get(kept.size() - 1)).isGreaterThanOrEqualTo(56);
  }

  @Test
  void framesWithoutAnIndex() throws Exception {
    byte[] file = VideoFiles.yuv4mpeg(NumberedFrames.frames(64, 48, 32), 8);
    assertThat(numbers(decoder("frame-rate = 4").decode(file))).isEqualTo(every(2, 64));
  }

  @ParameterizedTest
  @CsvSource({"320, 240, 43, 32", "240, 320, 32, 43", "24, 20, 24, 20", "640, 16, 405, 10"})
  void framesAreReduced(int width, int height, int toWidth, int toHeight) throws Exception {
    byte[] file = ClipWriter.mp4(NumberedFrames.frames(4, width, height), 10);
    Clip clip = decoder("short-side = 32", "frame-rate = 10").decode(file);
    assertThat(clip.size()).isEqualTo(new FrameSize(toWidth, toHeight));
    // The table of samples tells what the file has.
    assertThat(clip.source()).isEqualTo(new FrameSize(width, height));
    assertThat(new int[] {clip.width(), clip.height()}).containsExactly(width, height);
    assertThat(clip.bytes()).isLessThanOrEqualTo(4L * 12 * 32 * 32);
    if (toHeight > 16) {
      assertThat(numbers(clip)).isEqualTo(every(1, 4));
    }
  }

  @Test
  void coloursAreThoseThatWereWritten() throws Exception {
    byte[] rgb = new byte[3 * 64 * 64];
    for (int i = 0; i < 64 * 64; i++) {
      rgb[3 * i] = (byte) 200;
      rgb[3 * i + 1] = 60;
      rgb[3 * i + 2] = 20;
    }
    List<DecodedImage> frames =
        List.of(new DecodedImage(64, 64, rgb), new DecodedImage(64, 64, rgb));
    List<byte[]> files = new ArrayList<>();
    files.add(ClipWriter.mp4(frames, 10));
    for (int matrix : new int[] {1, 6}) { // ITU-R 709 and 601
      files.add(Recipe.of("matroska", "ffv1", 10).coded("yuv444p", matrix).encode(frames));
    }
    files.add(Recipe.of("avi", "mjpeg", 10).encode(frames));
    for (byte[] file : files) {
      byte[] first = decoder().decode(file).frames()[0];
      int at = 3 * (32 * 64 + 32);
      assertThat(first[at] & 0xFF).isCloseTo(200, within(4));
      assertThat(first[at + 1] & 0xFF).isCloseTo(60, within(4));
      assertThat(first[at + 2] & 0xFF).isCloseTo(20, within(4));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void rotationIsApplied(int right) throws Exception {
    byte[] file = VideoFiles.turned(ClipWriter.mp4(marked(), 10), right);
    Clip clip = decoder().decode(file);
    assertThat(clip.source())
        .isEqualTo(right % 2 == 0 ? new FrameSize(64, 48) : new FrameSize(48, 64));
    assertThat(clip.size()).isEqualTo(clip.source());
    // The mark is in the upper left corner, and wanders to the right with each turn to the right.
    int x = right == 1 || right == 2 ? clip.width() - 8 : 8;
    int y = right >= 2 ? clip.height() - 8 : 8;
    for (int[] corner :
        new int[][] {
          {8, 8},
          {clip.width() - 8, 8},
          {8, clip.height() - 8},
          {clip.width() - 8, clip.height() - 8}
        }) {
      int value = clip.frames()[0][3 * (corner[1] * clip.width() + corner[0])] & 0xFF;
      assertThat(value > 127).isEqualTo(corner[0] == x && corner[1] == y);
    }
  }

  private static List<DecodedImage> marked() {
    byte[] rgb = new byte[3 * 64 * 48];
    for (int y = 0; y < 16; y++) {
      Arrays.fill(rgb, 3 * y * 64, 3 * (y * 64 + 16), (byte) 255);
    }
    return List.of(new DecodedImage(64, 48, rgb), new DecodedImage(64, 48, rgb));
  }

  @Test
  void missingHardwareIsAnErrorAndNoReasonToUseTheProcessor() {
    byte[] file = ClipWriter.mp4(NumberedFrames.frames(4, 64, 64), 25);
    assertThatThrownBy(() -> decoder("hardware = vdpau").decode(file))
        .isInstanceOfSatisfying(
            LsgException.class,
            e -> assertThat(e.exitCode()).isIn(LsgException.ENVIRONMENT, LsgException.USAGE));
    assertThatThrownBy(() -> decoder("hardware = cuda").decode(file))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.ENVIRONMENT))
        .hasMessageStartingWith("video.hardware = cuda: no such device here: ");
    assertThatThrownBy(() -> decoder("hardware = abacus").decode(file))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.USAGE))
        .hasMessageStartingWith("video.hardware = abacus is not known; this FFmpeg knows [");
  }

  @Test
  void manyVideosLeaveNoNativeMemoryBehind() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms96m",
                "-Xmx96m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Rounds.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String[] resident = new String(process.getInputStream().readAllBytes(), UTF_8).split("\\s+");
    assertThat(process.waitFor()).isZero();
    // A leak of one 320 x 240 frame per file would be 34 MB and more.
    assertThat(Long.parseLong(resident[1]) - Long.parseLong(resident[0])).isLessThan(8L << 20);
  }

  /** Says how much memory its JVM has after a first and after a second round of many videos. */
  static final class Rounds {
    private static final int FILES = 150;

    private Rounds() {}

    public static void main(String[] none) throws Exception {
      byte[] good = ClipWriter.mp4(NumberedFrames.frames(12, 320, 240), 12);
      byte[] cut = Arrays.copyOf(good, good.length - 10);
      byte[] webm = Recipe.of("webm", "libvpx", 12).encode(NumberedFrames.frames(12, 320, 240));
      for (int round = 0; round < 2; round++) {
        for (int i = 0; i < FILES; i++) {
          decoder().decode(good);
          decoder().decode(webm);
          refused(decoder(), cut);
          refused(decoder("max-seconds = 0.5"), good);
          ClipWriter.mp4(NumberedFrames.frames(3, 64, 64), 12);
        }
        System.out.println(Pointer.physicalBytes());
      }
      System.exit(0);
    }
  }
}
