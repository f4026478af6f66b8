package io.github.lsgspark.backbone;

import io.github.lsgspark.config.FeaturesSettings.Pooling;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A network whose features are the pooled outputs of several of its layers, side by side. */
final class PooledBackbone extends AdaptedBackbone {
  private final List<LayerOutput> wanted;
  private final Pooling pooling;

  PooledBackbone(Backbone network, FeatureSpec spec) {
    super(network);
    this.wanted = spec.layers().stream().map(name -> Backbones.output(network, name)).toList();
    this.pooling = spec.pooling();
  }

  @Override
  public int featureDimension() {
    return wanted.stream().mapToInt(output -> output.length(pooling)).sum();
  }

  @Override
  public List<LayerOutput> outputs() {
    return List.of();
  }

  @Override
  public <V> V features(Layers<V> layers, V images, LayerOutputs<V> outputs) {
    Map<String, V> pooled = new HashMap<>();
    V own =
        network.features(
            layers,
            images,
            (layer, output) ->
                wanted.stream()
                    .filter(one -> one.layer().equals(layer))
                    .forEach(one -> pooled.put(layer, one.pooled(layers, output.get(), pooling))));
    pooled.put(LayerOutput.FEATURES, own);
    V all = null;
    for (LayerOutput one : wanted) {
      V next = pooled.get(one.layer());
      if (next == null) {
        throw new IllegalStateException("the network did not offer layer " + one.layer());
      }
      all = all == null ? next : layers.catChannels(all, next);
    }
    return all;
  }
}
