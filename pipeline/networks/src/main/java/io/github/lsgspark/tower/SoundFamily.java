package io.github.lsgspark.tower;

import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.SoundSpec;

/** Public networks of sounds that are built alike. */
public interface SoundFamily extends TowerFamily {

  /**
   * What its networks see of sounds.
   *
   * @param extractor preprocessor_config.json beside the weights, whose keys go before the values
   *     of the public code; empty where there is none
   * @throws IllegalArgumentException for values that make no front end, or none for this network
   */
  SoundSpec sound(TowerConfig config, TowerConfig extractor);

  @Override
  default Modality modality() {
    return Modality.AUDIO;
  }

  /** They see no images. */
  @Override
  default int imageSize(TowerConfig config) {
    return 0;
  }

  /**
   * Makes the network without its weights.
   *
   * @param height bands of its views; 1 where it sees samples
   * @param width frames, or samples
   */
  @Override
  Tower create(TowerConfig config, int height, int width);
}
