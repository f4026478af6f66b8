package io.github.lsgspark.dataset.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.dataset.modality.DecodedImage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClipWriterTest {

  @ParameterizedTest
  @CsvSource({"64, 48, 25", "33, 35, 12.5", "32, 32, 29.97", "1, 1, 1"})
  void writesEveryFrameAtItsTime(int width, int height, double rate) throws Exception {
    byte[] file = ClipWriter.mp4(NumberedFrames.frames(20, width, height), rate);
    List<Double> times = new ArrayList<>();
    try (MediaFile media = MediaFile.open(file, MediaFile.Track.PICTURES)) {
      assertThat(media.decoder().width()).isEqualTo(width);
      assertThat(media.decoder().height()).isEqualTo(height);
      double unit = (double) media.stream().time_base().num() / media.stream().time_base().den();
      assertThat(media.stream().duration() * unit).isCloseTo(20 / rate, within(1e-2));
      media.decode(frame -> times.add(frame.best_effort_timestamp() * unit));
    }
    assertThat(times).hasSize(20);
    for (int i = 0; i < 20; i++) {
      assertThat(times.get(i)).isCloseTo(i / rate, within(1e-3));
    }
  }

  @Test
  void equalFramesGiveEqualBytes() {
    byte[] file = ClipWriter.mp4(NumberedFrames.frames(12, 64, 64), 10);
    assertThat(ClipWriter.mp4(NumberedFrames.frames(12, 64, 64), 10)).isEqualTo(file);
  }

  @Test
  void framesThatNoFileCanHoldAreErrors() {
    assertThatThrownBy(() -> ClipWriter.mp4(List.of(), 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a video needs at least one frame");
    List<DecodedImage> frames =
        List.of(NumberedFrames.frame(0, 32, 32), NumberedFrames.frame(1, 32, 30));
    assertThatThrownBy(() -> ClipWriter.mp4(frames, 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("frame 1 has 32 x 30 pixels, the first had 32 x 32");
    assertThatThrownBy(() -> ClipWriter.mp4(NumberedFrames.frames(2, 32, 32), 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("FFmpeg cannot encode 32 x 32 pixels at 0.0 frames per second");
  }
}
