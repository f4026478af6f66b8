package io.github.lsgspark.training;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.backbone.LayerOutputs;
import io.github.lsgspark.backbone.Layers;
import io.github.lsgspark.torch.HostArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Stands for the backbone where features are frozen: x, or with an adapter x + A x + b, which is x
 * at first.
 *
 * @param dimension d
 */
record FrozenVectors(int dimension, boolean adapter) implements Backbone {
  static final String ADAPTER = "adapter";

  @Override
  public Map<String, long[]> parameterShapes() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    if (adapter) {
      shapes.put(ADAPTER + ".weight", new long[] {dimension, dimension});
      shapes.put(ADAPTER + ".bias", new long[] {dimension});
    }
    return shapes;
  }

  @Override
  public Map<String, long[]> bufferShapes() {
    return Map.of();
  }

  @Override
  public int featureDimension() {
    return dimension;
  }

  @Override
  public List<Layer> layers() {
    return List.of();
  }

  @Override
  public Map<String, HostArray> initialWeights(long seed) {
    Map<String, HostArray> zeros = new LinkedHashMap<>();
    parameterShapes()
        .forEach(
            (name, shape) ->
                zeros.put(
                    name,
                    HostArray.of(
                        new float[dimension * (shape.length == 2 ? dimension : 1)], shape)));
    return zeros;
  }

  @Override
  public <V> V features(Layers<V> layers, V vectors, LayerOutputs<V> outputs) {
    return adapter ? layers.add(vectors, layers.linear(vectors, ADAPTER)) : vectors;
  }
}
