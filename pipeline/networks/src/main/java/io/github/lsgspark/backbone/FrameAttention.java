package io.github.lsgspark.backbone;

import io.github.lsgspark.torch.HostArray;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An image network on clips [n, 3, T, height, width] that shares its space with texts: it sees
 * every frame by itself, and frames count by how well the text that fits them best fits them,
 *
 * <pre>v = sum_t softmax_t(max_c(f_t . s_c) / temperature) f_t</pre>
 *
 * f_t and s_c of unit length, and v is given unit length. So a clip is scored by a query in Bain et
 * al. 2022 (A CLIP-Hitchhiker's Guide to Long Video Retrieval, section 3); as a classifier's vector
 * cannot depend on the class, the query is each frame's nearest class. The texts are no weights:
 * training leaves them as they are.
 */
final class FrameAttention extends AdaptedBackbone {
  private final int frames;
  private final int texts;
  private final double temperature;

  /**
   * @param frames T
   * @param texts how many there are
   * @param temperature what cosines are divided by
   */
  FrameAttention(Backbone images, int frames, int texts, double temperature) {
    super(images);
    this.frames = frames;
    this.texts = texts;
    this.temperature = temperature;
  }

  @Override
  public Map<String, long[]> bufferShapes() {
    Map<String, long[]> shapes = new LinkedHashMap<>(network.bufferShapes());
    shapes.put(FeatureTensors.FRAME_TEXTS, new long[] {texts, featureDimension()});
    return shapes;
  }

  @Override
  public boolean normalizesBatches() {
    return network.normalizesBatches();
  }

  /** All frames count alike. */
  @Override
  public Map<String, HostArray> initialWeights(long seed) {
    Map<String, HostArray> arrays = new LinkedHashMap<>(network.initialWeights(seed));
    arrays.put(
        FeatureTensors.FRAME_TEXTS,
        InitialValues.constant(new long[] {texts, featureDimension()}, 0));
    return arrays;
  }

  @Override
  public <V> V features(Layers<V> layers, V clips, LayerOutputs<V> outputs) {
    V vectors = network.features(layers, layers.framesAsImages(clips), outputs);
    return layers.unitNorm(
        layers.attendedOverFrames(
            layers.unitNorm(vectors), frames, FeatureTensors.FRAME_TEXTS, temperature));
  }
}
