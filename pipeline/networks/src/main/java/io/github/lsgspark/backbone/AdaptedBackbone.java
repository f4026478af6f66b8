package io.github.lsgspark.backbone;

import io.github.lsgspark.torch.HostArray;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * An image network that is shown something else. Names, weights and layers are the image network's.
 */
abstract class AdaptedBackbone implements Backbone {
  final Backbone images;

  AdaptedBackbone(Backbone images) {
    this.images = images;
  }

  @Override
  public final Map<String, long[]> parameterShapes() {
    return images.parameterShapes();
  }

  @Override
  public final Map<String, long[]> bufferShapes() {
    return images.bufferShapes();
  }

  @Override
  public final int featureDimension() {
    return images.featureDimension();
  }

  @Override
  public final List<Layer> layers() {
    return images.layers();
  }

  @Override
  public final Map<String, HostArray> initialWeights(long seed) {
    return images.initialWeights(seed);
  }

  @Override
  public final HostArray initial(String name, long[] shape, long seed) {
    return images.initial(name, shape, seed);
  }

  @Override
  public final HostArray fitted(String name, HostArray array) {
    return images.fitted(name, array);
  }

  @Override
  public final UnaryOperator<String> translator(Iterable<String> names) {
    return images.translator(names);
  }

  @Override
  public final void close() {
    images.close();
  }
}
