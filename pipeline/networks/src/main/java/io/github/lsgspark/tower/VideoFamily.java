package io.github.lsgspark.tower;

import io.github.lsgspark.config.DataSettings.Modality;

/** Public networks that see the frames of a clip together. */
public interface VideoFamily extends TowerFamily {

  @Override
  default Modality modality() {
    return Modality.VIDEO;
  }

  /** Frames of the clips that the file's weights are for. */
  int frames(TowerConfig config);

  /**
   * Makes the network without its weights.
   *
   * @param frames of each clip
   * @param height of the frames in pixels
   * @param width likewise
   * @throws io.github.lsgspark.config.LsgException exit 2 for clips that it does not take, exit 3
   *     for a value that it cannot be built with
   */
  Tower create(TowerConfig config, int frames, int height, int width);

  /** For clips of as many frames as the file's weights are for. */
  @Override
  default Tower create(TowerConfig config, int height, int width) {
    return create(config, frames(config), height, width);
  }
}
