package io.github.lsgspark.backbone;

import io.github.lsgspark.torch.HostArray;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * An image network that sees spectrograms: their one channel stands for each of its three colours,
 * so that the names and shapes of its published weights stay.
 */
record RepeatedChannel(Backbone network) implements Backbone {

  /**
   * @param images [n, 1, bands, frames]
   */
  @Override
  public <V> V features(Layers<V> layers, V images) {
    V two = layers.catChannels(images, images);
    return network.features(layers, layers.catChannels(two, images));
  }

  @Override
  public Map<String, long[]> parameterShapes() {
    return network.parameterShapes();
  }

  @Override
  public Map<String, long[]> bufferShapes() {
    return network.bufferShapes();
  }

  @Override
  public int featureDimension() {
    return network.featureDimension();
  }

  @Override
  public List<Layer> layers() {
    return network.layers();
  }

  @Override
  public Map<String, HostArray> initialWeights(long seed) {
    return network.initialWeights(seed);
  }

  @Override
  public HostArray fitted(String name, HostArray array) {
    return network.fitted(name, array);
  }

  @Override
  public UnaryOperator<String> translator(Iterable<String> names) {
    return network.translator(names);
  }

  @Override
  public void close() {
    network.close();
  }
}
