package io.github.lsgspark.backbone;

import io.github.lsgspark.torch.HostArray;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Two networks that see the same samples, their features side by side. A linear map of these with
 * half the weights of each network's own gives the mean of their logits: the geometric mean of
 * their probabilities. The second network's tensors have a prefix.
 */
final class PairedBackbone implements Backbone {
  private final Backbone first;
  private final Backbone second;

  PairedBackbone(Backbone first, Backbone second) {
    this.first = first;
    this.second = second;
  }

  @Override
  public Map<String, long[]> parameterShapes() {
    return joined(first.parameterShapes(), second.parameterShapes());
  }

  @Override
  public Map<String, long[]> bufferShapes() {
    return joined(first.bufferShapes(), second.bufferShapes());
  }

  private static <T> Map<String, T> joined(Map<String, T> own, Map<String, T> other) {
    Map<String, T> all = new LinkedHashMap<>(own);
    other.forEach((name, value) -> all.put(FeatureTensors.SECOND + name, value));
    return all;
  }

  @Override
  public int featureDimension() {
    return first.featureDimension() + second.featureDimension();
  }

  @Override
  public List<Layer> layers() {
    List<Layer> layers = new ArrayList<>(first.layers());
    for (Layer layer : second.layers()) {
      layers.add(
          new Layer(
              FeatureTensors.SECOND + layer.name(),
              layer.aliases().stream().map(name -> FeatureTensors.SECOND + name).toList(),
              layer.prefixes().stream().map(name -> FeatureTensors.SECOND + name).toList()));
    }
    return layers;
  }

  @Override
  public boolean normalizesBatches() {
    return first.normalizesBatches() || second.normalizesBatches();
  }

  @Override
  public Map<String, HostArray> initialWeights(long seed) {
    return joined(first.initialWeights(seed), second.initialWeights(seed));
  }

  @Override
  public <V> V features(Layers<V> layers, V images, LayerOutputs<V> outputs) {
    V own = first.features(layers, images, outputs);
    V other = second.features(layers.within(FeatureTensors.SECOND), images);
    return layers.catChannels(own, other);
  }

  @Override
  public void close() {
    first.close();
    second.close();
  }
}
