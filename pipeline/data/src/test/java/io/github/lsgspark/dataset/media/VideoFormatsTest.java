package io.github.lsgspark.dataset.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.modality.Clip;
import io.github.lsgspark.dataset.modality.DecodedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.ffmpeg.global.avutil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Orientations and clocks of videos, beside FFmpeg's program. */
class VideoFormatsTest {
  private static final int ONE = 1 << 16;
  private static final int FRAMES = 40;

  @TempDir private Path folder;

  private static Clip decode(byte[] file, double rate) throws Exception {
    return new ClipDecoder(
            SettingsLoader.parse("video { frame-rate = " + rate + ", max-frames = 500 }").video(),
            1 << 20)
        .decode(file);
  }

  private static List<Integer> numbers(Clip clip) {
    return IntStream.range(0, clip.frames().length)
        .mapToObj(i -> NumberedFrames.number(clip.frame(i)))
        .toList();
  }

  private static List<Integer> counted(int times, int step) {
    List<Integer> all = new ArrayList<>();
    for (int time = 0; time < times; time++) {
      for (int i = 0; i < FRAMES; i += step) {
        all.add(i);
      }
    }
    return all;
  }

  /** Brighter to the right, redder to the bottom: no two orientations look alike. */
  private static List<DecodedImage> slope() {
    byte[] rgb = new byte[3 * 64 * 48];
    for (int i = 0; i < 64 * 48; i++) {
      rgb[3 * i] = (byte) (i / 64 * 5);
      rgb[3 * i + 1] = (byte) (i % 64 * 4);
      rgb[3 * i + 2] = (byte) (i % 64 * 4);
    }
    DecodedImage picture = new DecodedImage(64, 48, rgb);
    return List.of(picture, picture);
  }

  private static byte[] shownBy(byte[] mp4, int a, int b, int c, int d) {
    byte[] file = mp4.clone();
    int box = new String(file, StandardCharsets.ISO_8859_1).indexOf("tkhd");
    ByteBuffer.wrap(file, box + 44, 20).putInt(a).putInt(b).putInt(0).putInt(c).putInt(d);
    return file;
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0, 0, 1", "-1, 0, 0, 1", "-1, 0, 0, -1", "1, 0, 0, -1",
    "0, 1, 1, 0", "0, 1, -1, 0", "0, -1, -1, 0", "0, -1, 1, 0"
  })
  void orientations(int a, int b, int c, int d) throws Exception {
    byte[] file = shownBy(ClipWriter.mp4(slope(), 10), a * ONE, b * ONE, c * ONE, d * ONE);
    Clip clip = decode(file, 10);
    boolean lying = a == 0;
    assertThat(clip.width()).isEqualTo(lying ? 48 : 64);
    assertThat(clip.height()).isEqualTo(lying ? 64 : 48);
    byte[] shown = FfmpegTool.pixels(Files.write(folder.resolve("turned.mp4"), file));
    assertThat(shown).hasSize(2 * 3 * 64 * 48);
    for (int i = 0; i < 3 * 64 * 48; i++) {
      assertThat(clip.frames()[0][i] & 0xFF).isCloseTo(shown[i] & 0xFF, within(12));
    }
  }

  @Test
  void anglesBetweenAreTheNearestQuarter() {
    assertThat(FrameOrientation.of(99, 10, -10, 99)).isEqualTo(1);
    assertThat(FrameOrientation.of(10, 99, -99, 10)).isEqualTo(6);
    assertThat(FrameOrientation.of(10, 99, 99, -10)).isEqualTo(5);
    assertThat(FrameOrientation.of(0, 0, 0, 0)).isEqualTo(1);
  }

  /** Clocks that begin anywhere, with pictures that refer to later ones and without. */
  @ParameterizedTest
  @CsvSource({
    "webm, libvpx, 100", "webm, libvpx, 100000", "matroska, mpeg4, 1000", "matroska, mjpeg, 3",
    "mp4, mpeg4, 100", "mov, mjpeg, 1000", "mpegts, mpeg2video, 100", "mpegts, libopenh264, 90000",
    "mpeg, mpeg2video, 50", "avi, mpeg4, 0", "h264, libopenh264, 0", "flv, flv, 100",
    "asf, msmpeg4, 10", "nut, mpeg4, 100", "gif, gif, 0"
  })
  void clocks(String container, String codec, String offset) throws Exception {
    byte[] raw = VideoFiles.yuv4mpeg(NumberedFrames.frames(FRAMES, 96, 64), 25);
    Path source = Files.write(folder.resolve("numbers.y4m"), raw);
    Path file = folder.resolve("video");
    FfmpegTool.run(
        "-i",
        source.toString(),
        "-c:v",
        codec,
        "-b:v",
        "2M",
        "-pix_fmt",
        codec.equals("gif") ? "rgb8" : codec.equals("mjpeg") ? "yuvj420p" : "yuv420p",
        "-bf",
        codec.equals("mpeg2video") || codec.equals("mpeg4") ? "2" : "0",
        "-output_ts_offset",
        offset,
        "-f",
        container,
        file.toString());
    Clip clip = decode(Files.readAllBytes(file), 12.5);
    assertThat(numbers(clip)).isEqualTo(counted(1, 2));
    assertThat(clip.seconds()).isCloseTo(FRAMES / 25.0, within(0.03));
  }

  /** Recordings put end to end. */
  @ParameterizedTest
  @CsvSource({"mpegts, mpeg2video", "mpegts, libopenh264", "vob, mpeg2video", "mpeg, mpeg1video"})
  void timesThatBeginAnew(String container, String codec) throws Exception {
    byte[] one =
        VideoFiles.Recipe.of(container, codec, 25).encode(NumberedFrames.frames(FRAMES, 96, 64));
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < 3; i++) {
      all.writeBytes(one);
    }
    Clip clip = decode(all.toByteArray(), 12.5);
    assertThat(numbers(clip)).isEqualTo(counted(3, 2));
    assertThat(clip.seconds()).isCloseTo(3 * FRAMES / 25.0, within(0.03));
  }

  /** Sound that goes on when the pictures are over decides nothing. */
  @ParameterizedTest
  @CsvSource({"mp4, mpeg4, aac", "webm, libvpx, libopus", "mpegts, mpeg2video, mp2"})
  void aLongerStreamBesideIt(String container, String codec, String sound) throws Exception {
    byte[] raw = VideoFiles.yuv4mpeg(NumberedFrames.frames(FRAMES, 96, 64), 25);
    Path source = Files.write(folder.resolve("numbers.y4m"), raw);
    Path file = folder.resolve("video");
    FfmpegTool.run(
        "-i",
        source.toString(),
        "-f",
        "lavfi",
        "-i",
        "sine=sample_rate=48000:duration=30",
        "-c:v",
        codec,
        "-pix_fmt",
        "yuv420p",
        "-c:a",
        sound,
        "-f",
        container,
        file.toString());
    Clip clip =
        new ClipDecoder(
                SettingsLoader.parse(
                        "video { max-seconds = 2, max-frames = 20, frame-rate = 12.5 }")
                    .video(),
                1 << 20)
            .decode(Files.readAllBytes(file));
    assertThat(numbers(clip)).isEqualTo(counted(1, 2));
  }

  @Test
  void pausesJumpsAndFramesWithoutTimes() {
    FrameClock clock = new FrameClock(0.01, 10, true);
    assertThat(clock.next(500)).isZero();
    assertThat(clock.next(510)).isCloseTo(0.1, within(1e-9));
    assertThat(clock.next(avutil.AV_NOPTS_VALUE)).isCloseTo(0.2, within(1e-9));
    assertThat(clock.next(525)).as("not backwards").isCloseTo(0.25, within(1e-9));
    assertThat(clock.next(524)).as("disorder").isCloseTo(0.25, within(1e-9));
    assertThat(clock.next(725)).as("a pause").isCloseTo(2.25, within(1e-9));
    double before = clock.seconds();
    assertThat(clock.next(5)).as("anew").isCloseTo(before, within(1e-9));
    assertThat(clock.next(15)).isCloseTo(before + 0.1, within(1e-9));
    before = clock.seconds();
    assertThat(clock.next(9000)).as("a jump").isCloseTo(before, within(1e-9));
  }

  /** The last frames of a long video do not open one span too many, for which half would go. */
  @Test
  void longVideosAreThinnedToAllFramesThatThereIsRoomFor() {
    FrameThinning thinning = new FrameThinning(600.0 / 125, 125, 600);
    for (int i = 0; i < 15000; i++) {
      if (thinning.wants(i / 25.0)) {
        thinning.keep(i / 25.0, null);
      }
    }
    assertThat(thinning.held()).isEqualTo(125);
  }

  @Test
  void damageIsAShareOfTheTime() throws Exception {
    Damage odd = new Damage();
    for (int i = 0; i < 15; i++) {
      odd.packet(0.06);
    }
    odd.packet(0.001);
    odd.lost();
    odd.check();
    Damage one = new Damage();
    for (int i = 0; i < 12; i++) {
      one.packet(0);
    }
    one.lost();
    one.lost();
    one.check();
    Damage two = new Damage();
    for (int i = 0; i < 12; i++) {
      two.packet(0.04);
      if (i > 9) {
        two.lost();
      }
    }
    assertThatThrownBy(two::check)
        .hasMessage("2 of 12 packets of the stream cannot be decoded, 17 % of it");
  }
}
