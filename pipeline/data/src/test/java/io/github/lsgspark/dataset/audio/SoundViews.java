package io.github.lsgspark.dataset.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.InputSpec;
import io.github.lsgspark.dataset.modality.Decoded;
import io.github.lsgspark.dataset.modality.Modality;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import io.github.lsgspark.dataset.modality.ViewKind;
import java.nio.FloatBuffer;

/** Sounds as views, and those that cannot be any. */
final class SoundViews {
  private SoundViews() {}

  /** Opens the modality with further keys. */
  static Modality modality(String text) {
    Settings settings = SettingsLoader.parse("data.modality = audio\n" + text);
    return InputSpec.reading(settings);
  }

  /** A view of a sound. */
  static float[] view(Modality modality, Decoded sound, ViewKind kind, long seed) {
    FloatBuffer view = FloatBuffer.allocate(modality.length());
    modality.write(sound, kind, seed, view);
    return view.array();
  }

  /** Checks why a file cannot be used. */
  static void refused(Modality modality, byte[] file, Reason reason, String... message) {
    assertThatThrownBy(() -> modality.decode(file))
        .isInstanceOfSatisfying(
            UnreadableSampleException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageContainingAll(message);
  }
}
