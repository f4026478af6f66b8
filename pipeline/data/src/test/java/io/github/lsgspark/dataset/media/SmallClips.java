package io.github.lsgspark.dataset.media;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.modality.Clip;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import java.util.List;
import java.util.stream.IntStream;

/** Decodes small videos whose frames tell their numbers. */
final class SmallClips {
  private static final int MAX_PIXELS = 1 << 20;

  private SmallClips() {}

  /** A decoder with settings of video. */
  static ClipDecoder decoder(String... settings) {
    return new ClipDecoder(
        SettingsLoader.parse("video { " + String.join(", ", settings) + " }").video(), MAX_PIXELS);
  }

  /** The numbers that the frames of a clip tell. */
  static List<Integer> numbers(Clip clip) {
    return IntStream.range(0, clip.frames().length)
        .mapToObj(i -> NumberedFrames.number(clip.frame(i)))
        .toList();
  }

  /** Why a file cannot be decoded; null: it can. */
  static UnreadableSampleException refused(ClipDecoder decoder, byte[] file) {
    return catchThrowableOfType(UnreadableSampleException.class, () -> decoder.decode(file));
  }
}
