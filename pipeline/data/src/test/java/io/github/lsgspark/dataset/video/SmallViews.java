package io.github.lsgspark.dataset.video;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.dataset.InputSpec;
import io.github.lsgspark.dataset.media.NumberedFrames;
import io.github.lsgspark.dataset.modality.Decoded;
import io.github.lsgspark.dataset.modality.DecodedImage;
import io.github.lsgspark.dataset.modality.Modality;
import io.github.lsgspark.dataset.modality.ViewKind;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.IntStream;

/** Views of small videos whose frames tell their numbers. */
final class SmallViews {
  /** Width and height of views. */
  static final int SIZE = 24;

  /** Pixels of a frame. */
  static final int PLANE = SIZE * SIZE;

  /** Views that show the whole picture as it is. */
  static final String PLAIN = "augmentation { crop-scale-min = 1, flip = false }";

  private SmallViews() {}

  /** Opens the modality with further keys of video and train. */
  static Modality modality(int frames, String video, String train) {
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

  /** A view of a clip. */
  static float[] view(Modality modality, Decoded clip, ViewKind kind, long seed) {
    float[] view = new float[modality.length()];
    modality.write(clip, kind, seed, FloatBuffer.wrap(view));
    return view;
  }

  /** The frames that a view shows, by their numbers; all channels must say the same. */
  static List<Integer> numbers(float[] view) {
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
}
