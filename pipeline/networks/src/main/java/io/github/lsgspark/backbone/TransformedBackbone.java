package io.github.lsgspark.backbone;

import io.github.lsgspark.torch.HostArray;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A network whose features are shaped for a closed-form head: the signed square root of each
 * number, minus its mean over a pool of samples, divided by the vector's Euclidean norm; perhaps
 * multiplied by a whitening matrix, and divided again. Mean and matrix are no weights: training
 * leaves them as they are.
 */
final class TransformedBackbone extends AdaptedBackbone {
  private final FeatureSpec spec;

  TransformedBackbone(Backbone network, FeatureSpec spec) {
    super(network);
    this.spec = spec;
  }

  @Override
  public Map<String, long[]> bufferShapes() {
    long d = featureDimension();
    Map<String, long[]> shapes = new LinkedHashMap<>(network.bufferShapes());
    shapes.put(FeatureTensors.SHIFT, new long[] {d});
    if (spec.whitened()) {
      shapes.put(FeatureTensors.WHITENING + ".weight", new long[] {d, d});
      shapes.put(FeatureTensors.WHITENING + ".bias", new long[] {d});
    }
    return shapes;
  }

  @Override
  public boolean normalizesBatches() {
    return network.normalizesBatches();
  }

  /** Nothing is shifted, and the whitening is the identity. */
  @Override
  public Map<String, HostArray> initialWeights(long seed) {
    int d = featureDimension();
    Map<String, HostArray> arrays = new LinkedHashMap<>(network.initialWeights(seed));
    arrays.put(FeatureTensors.SHIFT, InitialValues.constant(new long[] {d}, 0));
    if (spec.whitened()) {
      float[] identity = new float[d * d];
      for (int i = 0; i < d; i++) {
        identity[i * d + i] = 1;
      }
      arrays.put(FeatureTensors.WHITENING + ".weight", HostArray.of(identity, d, d));
      arrays.put(FeatureTensors.WHITENING + ".bias", InitialValues.constant(new long[] {d}, 0));
    }
    return arrays;
  }

  @Override
  public <V> V features(Layers<V> layers, V images, LayerOutputs<V> outputs) {
    V x = network.features(layers, images, outputs);
    if (spec.transform().equals(FeatureSpec.ROOT_UNIT)) {
      x = layers.signedRoot(x);
    }
    x = layers.addParameter(x, FeatureTensors.SHIFT);
    if (spec.whitened()) {
      x = layers.linear(layers.unitNorm(x), FeatureTensors.WHITENING);
    }
    return layers.unitNorm(x);
  }
}
