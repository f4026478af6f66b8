package io.github.lsgspark.backbone;

import io.github.lsgspark.torch.HostArray;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A network around another. Names, weights and layers are those of the inner one. */
abstract class AdaptedBackbone implements Backbone {
  final Backbone network;

  AdaptedBackbone(Backbone network) {
    this.network = network;
  }

  @Override
  public final Map<String, long[]> parameterShapes() {
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
  public final List<Layer> layers() {
    return network.layers();
  }

  @Override
  public List<LayerOutput> outputs() {
    return network.outputs();
  }

  @Override
  public final List<String> featureLayers() {
    return network.featureLayers();
  }

  @Override
  public Map<String, HostArray> initialWeights(long seed) {
    return network.initialWeights(seed);
  }

  @Override
  public final HostArray initial(String name, long[] shape, long seed) {
    return network.initial(name, shape, seed);
  }

  @Override
  public final HostArray fitted(String name, HostArray array) {
    return network.fitted(name, array);
  }

  @Override
  public final UnaryOperator<String> translator(Iterable<String> names) {
    return network.translator(names);
  }

  @Override
  public final boolean leavesOut(String name) {
    return network.leavesOut(name);
  }

  @Override
  public final void close() {
    network.close();
  }
}
