package io.github.lsgspark.tower;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.tower.TransformerRecipe.Patches;
import io.github.lsgspark.tower.TransformerRecipe.Tubelets;

/**
 * The grid of patches that a transformer sees, in the order of its tokens: time, then rows, then
 * columns.
 *
 * @param times 1 for images
 */
record PatchGrid(int times, int rows, int columns) {

  /**
   * Of images.
   *
   * @throws LsgException exit 2 for sides that are neither the model's own nor multiples of the
   *     patches'
   */
  static PatchGrid ofImages(Patches patches, int height, int width) {
    int side = patches.side();
    if (height != patches.image() || width != patches.image()) {
      Tower.requirePatches(height, width, side);
    }
    return new PatchGrid(1, height / side, width / side);
  }

  /**
   * Of clips; one frame alone fills one patch of any duration.
   *
   * @throws LsgException exit 2 for frames and sides that the network does not take
   */
  static PatchGrid ofClips(Patches patches, int frames, int height, int width) {
    Tubelets tubelets = patches.tubelets().orElseThrow();
    int image = patches.image();
    if (tubelets.fixed() && (frames != tubelets.frames() || height != image || width != image)) {
      throw LsgException.usage(
          "video.frames and train.image-size: the positions of this network are for clips of %d frames of %d x %d pixels alone, but clips were to have %d frames of %d x %d"
              .formatted(tubelets.frames(), image, image, frames, height, width));
    }
    Tower.requirePatches(height, width, patches.side());
    int duration = tubelets.duration();
    if (frames != 1 && frames % duration != 0) {
      throw LsgException.usage(
          "video.frames must be 1 or a multiple of the %d frames of this network's patches, but was: %d"
              .formatted(duration, frames));
    }
    return new PatchGrid(
        Math.max(1, frames / duration), height / patches.side(), width / patches.side());
  }

  /** How many patches there are. */
  int places() {
    return times * rows * columns;
  }
}
