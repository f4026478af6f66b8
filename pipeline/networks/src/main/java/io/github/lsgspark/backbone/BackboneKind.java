package io.github.lsgspark.backbone;

import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.PixelSpec;
import io.github.lsgspark.config.SoundSpec;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.config.TrainSettings.Normalization;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A network that {@code train.backbone} can name. */
public interface BackboneKind {

  /** As a configuration writes it. */
  String label();

  /** What it is, in one line. */
  String help();

  /**
   * What it is made for: a network of images sees spectrograms and the frames of clips, too, others
   * nothing else.
   */
  default Modality modality() {
    return Modality.IMAGE;
  }

  /** The same, where weights of a variant say it. */
  default Modality modality(String variant) {
    return modality();
  }

  /**
   * Whether the vectors of frames are averaged as directions: each divided by its norm, and their
   * mean, too. For networks whose vectors are compared by their angle.
   */
  default boolean averagesDirections(String variant) {
    return false;
  }

  /**
   * Checks what it needs of the settings of a training.
   *
   * @throws IllegalArgumentException if that does not hold, with the keys and values in its message
   */
  default void check(TrainSettings train) {}

  /**
   * Which form of the network a file's weights are of, if there are several.
   *
   * @param tensors names in the file
   * @param metadata of the file
   * @return empty for the public form
   */
  default String variant(Set<String> tensors, Map<String, String> metadata) {
    return "";
  }

  /** How pixels were scaled for the public weights of a variant. */
  default Normalization normalization(String variant) {
    return Normalization.IMAGENET;
  }

  /** How images are prepared, where weights of a variant say it themselves. */
  default Optional<PixelSpec> pixels(String variant) {
    return Optional.empty();
  }

  /** How sounds are prepared, where weights of a variant say it themselves. */
  default Optional<SoundSpec> sound(String variant) {
    return Optional.empty();
  }

  /** The variant of weights whose images were prepared in another way than it says. */
  default String withoutPixels(String variant) {
    return variant;
  }

  /** Whether its weights alone say what it is, so that it cannot be made without them. */
  default boolean isOfItsWeights() {
    return false;
  }

  /**
   * Makes the network.
   *
   * @param variant empty for the public form
   * @param input shape of a view: [3, height, width], [1, bands, frames] or [1, 1, samples] for
   *     networks of sounds, [3, T, height, width] for networks of clips
   */
  Backbone create(String variant, long[] input);
}
