package io.github.lsgspark.tower;

import io.github.lsgspark.backbone.LayerOutputs;
import io.github.lsgspark.backbone.Layers;
import io.github.lsgspark.backbone.ShapedBackbone;
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
   * Whether a tensor of the file is no part of the network: the tower of texts, classifiers,
   * counters.
   */
  @Override
  public abstract boolean leavesOut(String name);
}
