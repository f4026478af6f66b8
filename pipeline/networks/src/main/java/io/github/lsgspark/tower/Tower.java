package io.github.lsgspark.tower;

import io.github.lsgspark.backbone.LayerOutputs;
import io.github.lsgspark.backbone.Layers;
import io.github.lsgspark.backbone.ShapedBackbone;
import io.github.lsgspark.config.LsgException;
import java.util.function.BiConsumer;

/**
 * A public network, under the names and shapes of its own file: what is trained can be opened by
 * the code that published it.
 */
public abstract class Tower extends ShapedBackbone {

  /**
   * Computes pooled features.
   *
   * @param see takes what leaves each part on the way, by name: {@code embeddings}, then every
   *     layer
   */
  abstract <V> V features(
      Layers<V> layers, V images, LayerOutputs<V> outputs, BiConsumer<String, V> see);

  @Override
  public final <V> V features(Layers<V> layers, V images, LayerOutputs<V> outputs) {
    return features(layers, images, outputs, (name, output) -> {});
  }

  /**
   * Checks that patches cover images.
   *
   * @param side of the patches
   * @throws LsgException exit 2 for sides that are no multiples
   */
  static void requirePatches(int height, int width, int side) {
    if (height % side != 0 || width % side != 0) {
      throw LsgException.usage(
          "train.image-size: both sides of what this network sees must be multiples of its patches of %d pixels, such as %d or %d, but were: %d x %d"
              .formatted(
                  side,
                  Math.max(1, height / side) * side,
                  (height / side + 1) * side,
                  height,
                  width));
    }
  }

  /**
   * Checks that images are not too small for the network's strides.
   *
   * @param least pixels of a side
   * @throws LsgException exit 2 for smaller ones
   */
  static void requireSides(int height, int width, int least) {
    if (Math.min(height, width) < least) {
      throw LsgException.usage(
          "train.image-size: both sides of what this network sees must be %d pixels or more, but were: %d x %d"
              .formatted(least, height, width));
    }
  }

  /**
   * Whether a tensor of the file is no part of the network: the tower of texts, classifiers,
   * counters.
   */
  @Override
  public abstract boolean leavesOut(String name);
}
