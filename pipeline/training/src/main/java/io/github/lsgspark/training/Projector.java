package io.github.lsgspark.training;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.backbone.BatchNormalization;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Ops;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * The map from features to the space of texts: one matrix, or two with ReLU and batch normalisation
 * between them.
 *
 * @param kind {@link Network#NONE}, {@link Network#LINEAR}, or another: two matrices
 * @param features numbers of a feature vector
 * @param dimension D of the texts
 */
record Projector(String kind, long features, long dimension) {
  private static final String FIRST = Network.PROJECTOR + ".0";
  private static final String NORM = Network.PROJECTOR + ".2";
  private static final String LAST = Network.PROJECTOR + ".3";

  boolean exists() {
    return !kind.equals(Network.NONE);
  }

  boolean isMlp() {
    return exists() && !kind.equals(Network.LINEAR);
  }

  /** Shapes of what is trained of it. */
  Map<String, long[]> shapes() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    if (isMlp()) {
      shapes.put(FIRST + ".weight", new long[] {dimension, features});
      shapes.put(FIRST + ".bias", new long[] {dimension});
      shapes.put(NORM + ".weight", new long[] {dimension});
      shapes.put(NORM + ".bias", new long[] {dimension});
      shapes.put(LAST + ".weight", new long[] {dimension, dimension});
      shapes.put(LAST + ".bias", new long[] {dimension});
    } else if (exists()) {
      shapes.put(Network.PROJECTOR + ".weight", new long[] {dimension, features});
      shapes.put(Network.PROJECTOR + ".bias", new long[] {dimension});
    }
    return shapes;
  }

  /** Shapes of its running statistics. */
  Map<String, long[]> bufferShapes() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    initialBuffers().forEach((name, array) -> shapes.put(name, array.shape()));
    return shapes;
  }

  /** What its running statistics begin with. */
  Map<String, HostArray> initialBuffers() {
    Map<String, HostArray> arrays = new LinkedHashMap<>();
    if (isMlp()) {
      arrays.put(NORM + ".running_mean", InitialHead.filled(0, (int) dimension));
      arrays.put(NORM + ".running_var", InitialHead.filled(1, (int) dimension));
    }
    return arrays;
  }

  /** The projection [n,D] of features [n,F], not normalised. */
  Tensor of(Backbone.Weights tensors, Tensor features, BatchNormalization normalization) {
    if (!isMlp()) {
      return tensors.linear(features, Network.PROJECTOR, true);
    }
    Tensor hidden = tensors.linear(features, FIRST, true);
    Tensor normalized =
        normalization.apply(
            Ops.relu(hidden),
            tensors.get(NORM + ".weight"),
            tensors.get(NORM + ".bias"),
            tensors.get(NORM + ".running_mean"),
            tensors.get(NORM + ".running_var"));
    return tensors.linear(normalized, LAST, true);
  }
}
