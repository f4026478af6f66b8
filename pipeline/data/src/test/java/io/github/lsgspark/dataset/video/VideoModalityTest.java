package io.github.lsgspark.dataset.video;

import static io.github.lsgspark.dataset.video.SmallViews.PLAIN;
import static io.github.lsgspark.dataset.video.SmallViews.PLANE;
import static io.github.lsgspark.dataset.video.SmallViews.SIZE;
import static io.github.lsgspark.dataset.video.SmallViews.modality;
import static io.github.lsgspark.dataset.video.SmallViews.numbers;
import static io.github.lsgspark.dataset.video.SmallViews.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.dataset.media.ClipWriter;
import io.github.lsgspark.dataset.media.NumberedFrames;
import io.github.lsgspark.dataset.modality.Clip;
import io.github.lsgspark.dataset.modality.Decoded;
import io.github.lsgspark.dataset.modality.FrameSize;
import io.github.lsgspark.dataset.modality.Modality;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.ViewKind;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Videos as views: which frames they show, and that all of them are changed alike. */
class VideoModalityTest {
  private static Decoded clip(Modality modality, int frames) throws UnreadableSampleException {
    return modality.decode(ClipWriter.mp4(NumberedFrames.frames(frames, 60, 48), 10));
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
