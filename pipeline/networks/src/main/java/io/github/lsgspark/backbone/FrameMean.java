package io.github.lsgspark.backbone;

/**
 * An image network on clips [n, 3, T, height, width]: it sees every frame by itself, and the
 * features of a clip's frames are averaged.
 */
final class FrameMean extends AdaptedBackbone {
  private final int frames;

  /**
   * @param frames T
   */
  FrameMean(Backbone images, int frames) {
    super(images);
    this.frames = frames;
  }

  /** The same around another network. */
  FrameMean around(Backbone other) {
    return new FrameMean(other, frames);
  }

  @Override
  public <V> V features(Layers<V> layers, V clips, LayerOutputs<V> outputs) {
    return layers.meanOverFrames(
        network.features(layers, layers.framesAsImages(clips), outputs), frames);
  }
}
