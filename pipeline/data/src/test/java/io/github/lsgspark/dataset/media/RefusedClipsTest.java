package io.github.lsgspark.dataset.media;

import static io.github.lsgspark.dataset.media.SmallClips.decoder;
import static io.github.lsgspark.dataset.media.SmallClips.numbers;
import static io.github.lsgspark.dataset.media.SmallClips.refused;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.dataset.media.VideoFiles.Recipe;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that are no video, or none that can be used: the reason that each is set aside with. */
class RefusedClipsTest {
  @ParameterizedTest
  @CsvSource({"mp4, mpeg4", "avi, mpeg4", "webm, libvpx"})
  void truncated(String container, String codec) throws Exception {
    byte[] file = Recipe.of(container, codec, 25).encode(NumberedFrames.frames(40, 96, 64));
    byte[] half = Arrays.copyOf(file, file.length / 2);
    assertThat(refused(decoder(), half).reason()).isEqualTo(Reason.TRUNCATED);
    byte[] start = Arrays.copyOf(file, 20);
    assertThat(refused(decoder(), start).reason()).isIn(Reason.TRUNCATED, Reason.NOT_MEDIA);
  }

  @Test
  void truncatedWithItsIndexInFront() throws Exception {
    byte[] file =
        Recipe.of("mp4", "mpeg4", 25)
            .with("movflags=frag_keyframe+empty_moov")
            .encode(NumberedFrames.frames(40, 96, 64));
    byte[] most = Arrays.copyOf(file, file.length - 100);
    assertThat(refused(decoder(), most).reason()).isEqualTo(Reason.TRUNCATED);
    assertThat(numbers(decoder().decode(file))).hasSize(20);
  }

  @Test
  void damaged() throws Exception {
    byte[] file = Recipe.of("matroska", "mjpeg", 25).encode(NumberedFrames.frames(40, 96, 64));
    for (int i = file.length / 4; i < file.length - 1000; i++) {
      file[i] = (byte) (file[i] * 31 + i);
    }
    assertThat(refused(decoder(), file).reason()).isEqualTo(Reason.DAMAGED);
  }

  @Test
  void noVideo() throws Exception {
    ClipDecoder decoder = decoder();
    assertThat(refused(decoder, new byte[0]).reason()).isEqualTo(Reason.EMPTY_FILE);
    byte[] page = "<html><body>Not found</body></html>".getBytes(UTF_8);
    assertThat(refused(decoder, page).reason()).isEqualTo(Reason.NOT_MEDIA);
    assertThat(refused(decoder, new byte[5000]).reason()).isEqualTo(Reason.NOT_MEDIA);
    UnreadableSampleException silent = refused(decoder, VideoFiles.wav());
    assertThat(silent.reason()).isEqualTo(Reason.NO_STREAM);
    assertThat(silent).hasMessage("the file has no pictures");
  }

  @Test
  void theCoverOfASoundIsNoVideo() throws Exception {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(16, 16, BufferedImage.TYPE_3BYTE_BGR), "png", png);
    byte[] file = VideoFiles.flac(png.toByteArray());
    assertThat(refused(decoder(), file).reason()).isEqualTo(Reason.NO_STREAM);
  }

  @Test
  void aClipOfNoTime() throws Exception {
    UnreadableSampleException one =
        refused(decoder(), ClipWriter.mp4(NumberedFrames.frames(1, 32, 32), 25));
    assertThat(one.reason()).isEqualTo(Reason.TOO_SHORT);
    assertThat(one).hasMessage("1 frames, at least 2 make a video");
    byte[] none = VideoFiles.yuv4mpegHeader(32, 32, 25);
    assertThat(refused(decoder(), none).reason()).isEqualTo(Reason.TOO_SHORT);
  }

  @Test
  void twoFramesAreEnough() throws Exception {
    byte[] file = ClipWriter.mp4(NumberedFrames.frames(2, 32, 32), 50);
    assertThat(numbers(decoder("frame-rate = 10").decode(file))).containsExactly(0);
    assertThat(numbers(decoder("frame-rate = 50").decode(file))).containsExactly(0, 1);
  }

  @Test
  void changingSize() throws Exception {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    Recipe recipe = Recipe.of("mpegts", "mpeg2video", 25);
    both.write(recipe.encode(NumberedFrames.frames(8, 96, 64)));
    both.write(recipe.encode(NumberedFrames.frames(8, 64, 48)));
    UnreadableSampleException refused = refused(decoder(), both.toByteArray());
    assertThat(refused.reason()).isEqualTo(Reason.CHANGING_SIZE);
    assertThat(refused).hasMessageMatching("frame [678] has 64 x 48 pixels, the first has 96 x 64");
  }

  @Test
  void tooLargeAndTooLong() throws Exception {
    byte[] large = ClipWriter.mp4(NumberedFrames.frames(2, 2048, 1024), 25);
    UnreadableSampleException refused = refused(decoder(), large);
    assertThat(refused.reason()).isEqualTo(Reason.TOO_MANY_PIXELS);
    assertThat(refused).hasMessage("2048 x 1024 pixels, at most 1048576 are allowed");
    byte[] stream =
        Recipe.of("mpegts", "mpeg2video", 25).encode(NumberedFrames.frames(2, 2048, 1024));
    assertThat(refused(decoder(), stream).reason()).isEqualTo(Reason.TOO_MANY_PIXELS);
    byte[] lasting = ClipWriter.mp4(NumberedFrames.frames(40, 32, 32), 10);
    assertThat(refused(decoder("max-seconds = 3"), lasting).reason()).isEqualTo(Reason.TOO_LONG);
    assertThat(numbers(decoder("max-seconds = 4").decode(lasting))).hasSize(40);
    byte[] unstated = VideoFiles.yuv4mpeg(NumberedFrames.frames(40, 32, 32), 10);
    assertThat(refused(decoder("max-seconds = 3"), unstated).reason()).isEqualTo(Reason.TOO_LONG);
  }

  @Test
  void playlistsAreNotOpened() {
    String list =
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/hosts\n#EXT-X-ENDLIST\n";
    assertThat(refused(decoder(), list.getBytes(UTF_8)).reason()).isEqualTo(Reason.NOT_MEDIA);
    String concat = "ffconcat version 1.0\nfile '/etc/hosts'\n";
    assertThat(refused(decoder(), concat.getBytes(UTF_8)).reason()).isEqualTo(Reason.NOT_MEDIA);
  }
}
