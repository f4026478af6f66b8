package io.github.lsgspark.backbone;

import io.github.lsgspark.torch.HostArray;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * An image network on clips [n, 3, T, height, width]: it sees every frame by itself, and the
 * features of a clip's frames are averaged. Names, weights and layers are the image network's.
 *
 * @param images the network
 * @param frames T
 */
record FrameMean(Backbone images, int frames) implements Backbone {

  @Override
  public Map<String, long[]> parameterShapes() {
    return images.parameterShapes();
  }

  @Override
  public Map<String, long[]> bufferShapes() {
    return images.bufferShapes();
  }

  @Override
  public int featureDimension() {
    return images.featureDimension();
  }

  @Override
  public List<Layer> layers() {
    return images.layers();
  }

  @Override
  public <V> V features(Layers<V> layers, V clips) {
    return layers.meanOverFrames(images.features(layers, layers.framesAsImages(clips)), frames);
  }

  @Override
  public HostArray initial(String name, long[] shape, long seed) {
    return images.initial(name, shape, seed);
  }

  @Override
  public HostArray fitted(String name, HostArray array) {
    return images.fitted(name, array);
  }

  @Override
  public UnaryOperator<String> translator(Iterable<String> names) {
    return images.translator(names);
  }

  @Override
  public void close() {
    images.close();
  }
}
