package io.github.lsgspark.dataset.synthetic;

import io.github.lsgspark.config.DataSettings;
import java.util.List;

/**
 * Makes the demonstration's samples: of classes whose names say in plain words what is to be seen
 * or heard, and which share words, so that their names tell something about how alike they are.
 */
public interface SampleGenerator {

  /** Whose samples are of a modality. */
  static SampleGenerator of(DataSettings.Modality modality) {
    return switch (modality) {
      case IMAGE -> new ImageGenerator();
      case AUDIO -> new AudioGenerator();
      case VIDEO -> new VideoGenerator();
    };
  }

  /** Names of all classes. */
  List<String> names();

  /** How names of its files end. */
  String extension();

  /**
   * The encoded bytes of one sample.
   *
   * @param name of its class
   * @param seed decides all that is random about it
   */
  byte[] make(String name, DataSettings.DrawnSettings settings, long seed);
}
