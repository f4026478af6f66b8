package io.github.lsgspark.backbone;

import java.util.function.Supplier;

/**
 * Takes the outputs of a network's layers while its features are computed.
 *
 * @param <V> what stands for a tensor
 */
@FunctionalInterface
public interface LayerOutputs<V> {

  /**
   * Offers a layer's output.
   *
   * @param layer one of {@link Backbone#outputs}
   * @param output computes it where it takes more than the network does anyway; called at most once
   */
  void offer(String layer, Supplier<V> output);
}
