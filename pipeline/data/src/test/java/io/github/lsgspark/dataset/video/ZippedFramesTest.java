package io.github.lsgspark.dataset.video;

import static io.github.lsgspark.dataset.video.SmallViews.PLAIN;
import static io.github.lsgspark.dataset.video.SmallViews.modality;
import static io.github.lsgspark.dataset.video.SmallViews.numbers;
import static io.github.lsgspark.dataset.video.SmallViews.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.dataset.media.NumberedFrames;
import io.github.lsgspark.dataset.modality.Clip;
import io.github.lsgspark.dataset.modality.DecodedImage;
import io.github.lsgspark.dataset.modality.FrameSize;
import io.github.lsgspark.dataset.modality.Modality;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import io.github.lsgspark.dataset.modality.ViewKind;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Zips of frames as videos: the order of their frames, and which are set aside. */
class ZippedFramesTest {
  private static byte[] zip(String... names) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (String name : names) {
        zip.putNextEntry(new ZipEntry(name));
        if (name.endsWith(".png")) {
          int number = Integer.parseInt(name.replaceAll("\\D", ""));
          zip.write(png(NumberedFrames.frame(number, name.contains("wide") ? 80 : 60, 48)));
        }
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] png(DecodedImage frame) throws IOException {
    BufferedImage image =
        new BufferedImage(frame.width(), frame.height(), BufferedImage.TYPE_3BYTE_BGR);
    for (int i = 0; i < frame.width() * frame.height(); i++) {
      int grey = frame.rgb()[3 * i] & 0xFF;
      image.setRGB(i % frame.width(), i / frame.width(), grey * 0x010101);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }

  @Test
  void aZipOfFramesIsAVideoInTheOrderOfItsNumbers() throws Exception {
    byte[] zip =
        zip("a/", "a/f10.png", "a/f2.png", "a/.hidden", "a/f1.png", "a/f007.png", "a/notes.txt");
    Modality modality = modality(4, "sampling = dense, clips = 1", PLAIN);
    Clip clip = (Clip) modality.decode(zip);
    assertThat(numbers(view(modality, clip, ViewKind.EVALUATION, 0))).containsExactly(1, 2, 7, 10);
    assertThat(clip.seconds()).isCloseTo(0.4, within(1e-9));
    Clip fewer = (Clip) modality(4, "max-frames = 2, short-side = 24", PLAIN).decode(zip);
    assertThat(fewer.size()).isEqualTo(new FrameSize(30, 24));
    assertThat(fewer.source()).isEqualTo(new FrameSize(60, 48));
    assertThat(NumberedFrames.number(fewer.frame(0))).isEqualTo(1);
    assertThat(NumberedFrames.number(fewer.frame(1))).isEqualTo(7);
    assertThat(fewer.frames().length).isEqualTo(2);
  }

  private static Reason refusal(byte[] file) {
    Modality modality = modality(4, "clips = 1", PLAIN);
    return catchThrowableOfType(UnreadableSampleException.class, () -> modality.decode(file))
        .reason();
  }

  @Test
  void zipsThatAreNoVideoAreSetAside() throws Exception {
    assertThat(refusal(zip("1.png", "2wide.png"))).isEqualTo(Reason.CHANGING_SIZE);
    assertThat(refusal(zip("1.png"))).isEqualTo(Reason.TOO_SHORT);
    assertThat(refusal(zip("a/"))).isEqualTo(Reason.TOO_SHORT);
    assertThat(refusal(zip("1.png", "text.txt"))).as("of frames").isEqualTo(Reason.TOO_SHORT);
    assertThat(refusal(zip("1", "2"))).as("of files without endings").isEqualTo(Reason.EMPTY_FILE);
    assertThat(refusal(zip("1.png", "../2.png"))).isEqualTo(Reason.DAMAGED);
    byte[] whole = zip("1.png", "2.png", "3.png");
    assertThat(refusal(Arrays.copyOf(whole, whole.length / 2))).isEqualTo(Reason.TRUNCATED);
    assertThat(refusal(new byte[1_000_001])).isEqualTo(Reason.TOO_MANY_BYTES);
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bomb)) {
      zip.putNextEntry(new ZipEntry("1.png"));
      zip.write(new byte[2_000_000]);
    }
    assertThat(bomb.size()).isLessThan(10_000);
    assertThat(refusal(bomb.toByteArray())).isEqualTo(Reason.TOO_MANY_BYTES);
  }
}
