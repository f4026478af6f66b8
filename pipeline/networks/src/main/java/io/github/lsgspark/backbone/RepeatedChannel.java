package io.github.lsgspark.backbone;

/**
 * An image network that sees spectrograms [n, 1, bands, frames]: their one channel stands for each
 * of its three colours, so that the shapes of its published weights stay.
 */
final class RepeatedChannel extends AdaptedBackbone {
  RepeatedChannel(Backbone images) {
    super(images);
  }

  @Override
  public <V> V features(Layers<V> layers, V spectrograms, LayerOutputs<V> outputs) {
    V two = layers.catChannels(spectrograms, spectrograms);
    return network.features(layers, layers.catChannels(two, spectrograms), outputs);
  }
}
