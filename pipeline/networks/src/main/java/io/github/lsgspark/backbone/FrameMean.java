package io.github.lsgspark.backbone;

/**
 * An image network on clips [n, 3, T, height, width]: it sees every frame by itself, and the
 * features of a clip's frames are averaged; or each is divided by its norm, and so is their mean,
 * as vectors are averaged that are compared by their angle (Luo et al. 2021, section 3.3).
 */
final class FrameMean extends AdaptedBackbone {
  private final int frames;
  private final boolean directions;

  /**
   * @param frames T
   * @param directions whether only the directions of features count
   */
  FrameMean(Backbone images, int frames, boolean directions) {
    super(images);
    this.frames = frames;
    this.directions = directions;
  }

  /** The same around features of this network; those of its layers have lengths that count. */
  AdaptedBackbone around(PooledBackbone other, FeatureSpec spec) {
    return spec.frameTexts() == 0
        ? new FrameMean(other, frames, directions && spec.isOfVectors())
        : new FrameAttention(other, frames, spec.frameTexts(), spec.frameTemperature());
  }

  /** Whether its vectors lie among those of texts. */
  boolean isOfTexts() {
    return directions;
  }

  @Override
  public <V> V features(Layers<V> layers, V clips, LayerOutputs<V> outputs) {
    V vectors = network.features(layers, layers.framesAsImages(clips), outputs);
    if (!directions) {
      return layers.meanOverFrames(vectors, frames);
    }
    return layers.unitNorm(layers.meanOverFrames(layers.unitNorm(vectors), frames));
  }
}
