package io.github.lsgspark.dataset.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.dataset.InputSpec;
import io.github.lsgspark.dataset.media.ClipWriter;
import io.github.lsgspark.dataset.media.NumberedFrames;
import io.github.lsgspark.dataset.modality.Clip;
import io.github.lsgspark.dataset.modality.Decoded;
import io.github.lsgspark.dataset.modality.DecodedImage;
import io.github.lsgspark.dataset.modality.FrameSize;
import io.github.lsgspark.dataset.modality.Modality;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import io.github.lsgspark.dataset.modality.ViewKind;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class VideoModalityTest {
  private static final int SIZE = 24;
  private static final int PLANE = SIZE * SIZE;
  private static final String PLAIN = "augmentation { crop-scale-min = 1, flip = false }";

  private static Modality modality(int frames, String video, String train) {
    Settings settings =
        SettingsLoader.parse(
            """
            data.modality = video
            video { frames = %d, frame-rate = 10, %s }
            train { image-size = %d, %s }
            prepare { max-file-bytes = 1000000, max-pixels = 1000000 }
            """
                .formatted(frames, video, SIZE, train));
    return InputSpec.of(settings, TrainSettings.Normalization.INCEPTION).open(settings.prepare());
  }

  private static Decoded clip(Modality modality, int frames) throws UnreadableSampleException {
    return modality.decode(ClipWriter.mp4(NumberedFrames.frames(frames, 60, 48), 10));
  }

  private static float[] view(Modality modality, Decoded clip, ViewKind kind, long seed) {
    float[] view = new float[modality.length()];
    modality.write(clip, kind, seed, FloatBuffer.wrap(view));
    return view;
  }

  /** The frames that a view shows, by their numbers; all channels must say the same. */
  private static List<Integer> numbers(float[] view) {
    int frames = view.length / 3 / PLANE;
    return IntStream.range(0, frames)
        .map(
            t -> {
              byte[] rgb = new byte[3 * PLANE];
              for (int i = 0; i < rgb.length; i++) {
                rgb[i] = (byte) (127.5 * (1 + view[(i % 3 * frames + t) * PLANE + i / 3]));
              }
              return NumberedFrames.number(new DecodedImage(SIZE, SIZE, rgb));
            })
        .boxed()
        .toList();
  }

  private static List<Integer> following(int start, int count) {
    return IntStream.range(start, start + count).boxed().toList();
  }

  @Test
  void aViewIsColoursByFramesByPixels() throws Exception {
    Modality modality = modality(8, "sampling = dense, clips = 1", PLAIN);
    assertThat(modality.shape()).containsExactly(3, 8, SIZE, SIZE);
    assertThat(modality.length()).isEqualTo(3 * 8 * PLANE);
    assertThat(numbers(view(modality, clip(modality, 20), ViewKind.EVALUATION, 0)))
        .isEqualTo(following(6, 8));
  }

  @Test
  void denseClipsOfAnEvaluationAreEvenlySpaced() throws Exception {
    Modality modality = modality(8, "sampling = dense, clips = 4", PLAIN);
    assertThat(modality.evaluationViews()).isEqualTo(4);
    Decoded clip = clip(modality, 38);
    for (int k = 0; k < 4; k++) {
      assertThat(numbers(view(modality, clip, ViewKind.EVALUATION, k)))
          .isEqualTo(following(10 * k, 8));
    }
  }

  @Test
  void uniformClipsOfAnEvaluationShowOtherFramesOfEachPart() throws Exception {
    Decoded clip = clip(modality(4, "sampling = uniform", PLAIN), 40);
    Modality one = modality(4, "sampling = uniform, clips = 1", PLAIN);
    assertThat(numbers(view(one, clip, ViewKind.EVALUATION, 0))).containsExactly(5, 15, 25, 35);
    Modality two = modality(4, "sampling = uniform, clips = 2", PLAIN);
    assertThat(numbers(view(two, clip, ViewKind.EVALUATION, 0))).containsExactly(2, 12, 22, 32);
    assertThat(numbers(view(two, clip, ViewKind.EVALUATION, 1))).containsExactly(7, 17, 27, 37);
  }

  @Test
  void randomDenseClipsStartAnywhere() throws Exception {
    Modality modality = modality(8, "sampling = dense", PLAIN);
    Decoded clip = clip(modality, 12);
    boolean[] seen = new boolean[5];
    for (int seed = 0; seed < 60; seed++) {
      List<Integer> numbers = numbers(view(modality, clip, ViewKind.WEAK, seed));
      assertThat(numbers).isEqualTo(following(numbers.get(0), 8));
      seen[numbers.get(0)] = true;
    }
    assertThat(seen).containsOnly(true);
  }

  @Test
  void randomUniformClipsTakeOneFrameOfEachPart() throws Exception {
    Modality modality = modality(4, "sampling = uniform", PLAIN);
    Decoded clip = clip(modality, 20);
    boolean[] seen = new boolean[20];
    for (int seed = 0; seed < 100; seed++) {
      List<Integer> numbers = numbers(view(modality, clip, ViewKind.WEAK, seed));
      for (int t = 0; t < 4; t++) {
        assertThat(numbers.get(t)).isBetween(5 * t, 5 * t + 4);
        seen[numbers.get(t)] = true;
      }
    }
    assertThat(seen).containsOnly(true);
  }

  @Test
  void aShortClipBeginsAgainOrShowsFramesTwice() throws Exception {
    Modality dense = modality(8, "sampling = dense, clips = 2", PLAIN);
    Decoded clip = clip(dense, 3);
    for (ViewKind kind : List.of(ViewKind.EVALUATION, ViewKind.WEAK)) {
      assertThat(numbers(view(dense, clip, kind, 1))).containsExactly(0, 1, 2, 0, 1, 2, 0, 1);
    }
    Modality uniform = modality(6, "sampling = uniform, clips = 1", PLAIN);
    assertThat(numbers(view(uniform, clip, ViewKind.EVALUATION, 0)))
        .containsExactly(0, 0, 1, 1, 2, 2);
  }

  /** One picture in all frames: whatever is done to them alike leaves them alike. */
  private static Clip still() {
    byte[] rgb = new byte[3 * 60 * 48];
    new SplittableRandom(4).nextBytes(rgb);
    byte[][] frames = new byte[10][];
    Arrays.fill(frames, rgb);
    FrameSize size = new FrameSize(60, 48);
    return new Clip(size, size, frames, 1);
  }

  @ParameterizedTest
  @EnumSource(
      value = ViewKind.class,
      names = {"WEAK", "STRONG"})
  void allFramesAreCroppedMirroredAndChangedAlike(ViewKind kind) {
    Modality modality =
        modality(
            5,
            "sampling = uniform",
            "augmentation { crop-scale-min = 0.3, flip = true, rand-augment.operations = 3 }");
    Clip clip = still();
    for (int seed = 0; seed < 40; seed++) {
      float[] view = view(modality, clip, kind, seed);
      for (int plane = 0; plane < 15; plane++) {
        int first = plane / 5 * 5 * PLANE;
        assertThat(Arrays.copyOfRange(view, plane * PLANE, (plane + 1) * PLANE))
            .as("seed %d, plane %d", seed, plane)
            .isEqualTo(Arrays.copyOfRange(view, first, first + PLANE));
      }
      assertThat(view(modality, clip, kind, seed)).isEqualTo(view);
      assertThat(view(modality, clip, kind, seed + 1)).isNotEqualTo(view);
    }
  }

  @Test
  void theStrongViewIsTheWeakOneOfTheSameSeedChanged() throws Exception {
    Modality modality =
        modality(
            6,
            "sampling = dense",
            "augmentation { crop-scale-min = 0.5, flip = true,"
                + " rand-augment { operations = 0, cutout = 0 } }");
    Decoded clip = clip(modality, 30);
    for (int seed = 0; seed < 20; seed++) {
      float[] weak = view(modality, clip, ViewKind.WEAK, seed);
      float[] strong = view(modality, clip, ViewKind.STRONG, seed);
      for (int i = 0; i < weak.length; i++) {
        assertThat(strong[i]).isCloseTo(weak[i], within(0.51f / 127.5f)); // rounded to bytes
      }
    }
  }

  @Test
  void theCentreIsSeenIfPicturesAreMadeLargerThanTheView() {
    Modality whole = modality(2, "clips = 1", PLAIN);
    Modality centre =
        modality(2, "clips = 1", "augmentation { resize-factor = 2, crop-scale-min = 1 }");
    byte[] rgb = new byte[3 * 48 * 48];
    for (int y = 12; y < 36; y++) {
      Arrays.fill(rgb, 3 * (y * 48 + 12), 3 * (y * 48 + 36), (byte) 255);
    }
    FrameSize size = new FrameSize(48, 48);
    Clip clip = new Clip(size, size, new byte[][] {rgb, rgb}, 1);
    assertThat(view(whole, clip, ViewKind.EVALUATION, 0)).contains(-1f);
    assertThat(view(centre, clip, ViewKind.EVALUATION, 0)).containsOnly(1f);
  }

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

  @ParameterizedTest
  @CsvSource({"dense, 64", "uniform, 64"})
  void aClipKeepsToItsBound(String sampling, int frames) throws Exception {
    Modality modality =
        modality(8, "sampling = " + sampling + ", max-frames = 16, short-side = 32", PLAIN);
    Decoded clip = clip(modality, frames);
    assertThat(clip.bytes()).isEqualTo(16 * 3 * 40 * 32).isLessThanOrEqualTo(16L * 12 * 32 * 32);
    assertThat(clip.seconds()).isCloseTo(6.4, within(0.01));
    assertThat(NumberedFrames.number(clip.picture())).isEqualTo(32);
  }
}
