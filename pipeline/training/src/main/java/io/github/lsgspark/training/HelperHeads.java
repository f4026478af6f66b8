package io.github.lsgspark.training;

import io.github.lsgspark.backbone.SourceClassifier;
import io.github.lsgspark.config.TransferSettings;
import io.github.lsgspark.config.TransferSettings.Method;
import io.github.lsgspark.torch.HostArray;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Classifiers that help a training and are no part of the model.
 *
 * @param projects whether one is on projections, for the task's classes
 * @param source that of the source task, on features
 */
record HelperHeads(boolean projects, Optional<SourceClassifier> source) {
  static final String PROJECTED = "projected_classifier";
  static final String SOURCE = "source_classifier";
  static final HelperHeads NONE = new HelperHeads(false, Optional.empty());

  /** Those of a training on features that do not come from published weights. */
  static HelperHeads of(TransferSettings transfer) {
    return new HelperHeads(transfer.uses(Method.PROJECTED_CROSS_ENTROPY), Optional.empty());
  }

  /** Whether a tensor is one of theirs. */
  static boolean owns(String name) {
    return name.startsWith(PROJECTED + ".") || name.startsWith(SOURCE + ".");
  }

  /**
   * Shapes of their tensors by name.
   *
   * @param classes C
   * @param dimension numbers of a projection, D
   * @param features numbers of a feature vector, d
   */
  Map<String, long[]> shapes(int classes, int dimension, int features) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    if (projects) {
      shapes.put(PROJECTED + ".weight", new long[] {classes, dimension});
      shapes.put(PROJECTED + ".bias", new long[] {classes});
    }
    source.ifPresent(
        own -> {
          shapes.put(SOURCE + ".weight", new long[] {own.classes(), features});
          shapes.put(SOURCE + ".bias", new long[] {own.classes()});
        });
    return shapes;
  }

  /**
   * What they begin with, where that is not drawn.
   *
   * @param scale by what features are multiplied here
   */
  Map<String, HostArray> start(double scale) {
    return source
        .map(
            own ->
                Map.of(
                    SOURCE + ".weight",
                    times(own.weight(), own.scale() / scale),
                    SOURCE + ".bias",
                    times(own.bias(), 1)))
        .orElse(Map.of());
  }

  /** The numbers in float32, multiplied. */
  private static HostArray times(HostArray array, double factor) {
    float[] values = array.floats().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (values[i] * factor);
    }
    return HostArray.of(values, array.shape());
  }
}
