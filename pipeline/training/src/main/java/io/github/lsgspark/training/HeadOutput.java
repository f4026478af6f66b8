package io.github.lsgspark.training;

import io.github.lsgspark.backbone.FeatureSpec;
import io.github.lsgspark.backbone.FeatureTensors;
import io.github.lsgspark.features.FeatureSlice;
import io.github.lsgspark.features.FrozenNetwork;
import io.github.lsgspark.head.FeatureTransform;
import io.github.lsgspark.head.FittedHead;
import io.github.lsgspark.head.LinearHead;
import io.github.lsgspark.head.TextMap;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.training.HeadTraining.Trained;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Writes network, pooled layers, transform and head as one model. */
final class HeadOutput {
  private final FrozenNetwork network;
  private final FeatureTransform transform;
  private final int classes;

  /**
   * @param classes C
   */
  HeadOutput(FrozenNetwork network, FeatureTransform transform, int classes) {
    this.network = network;
    this.transform = transform;
    this.classes = classes;
  }

  /** A closed form as what a training would end with; a map to texts is its projector. */
  static Trained closed(FittedHead fitted) {
    LinearHead logits = fitted.logits();
    int classes = logits.bias().length;
    int d = logits.weight().length / classes;
    Map<String, HostArray> tensors = new LinkedHashMap<>();
    tensors.put(Network.CLASSIFIER + ".weight", floats(logits.weight(), classes, d));
    tensors.put(Network.CLASSIFIER + ".bias", floats(logits.bias(), classes));
    if (fitted.texts().isEmpty()) {
      return new Trained(tensors, Network.NONE, 0, Optional.empty(), Map.of());
    }
    TextMap map = fitted.texts().get();
    int dimension = map.texts().dimension();
    tensors.put(Network.PROJECTOR + ".weight", floats(map.weight(), dimension, d));
    tensors.put(Network.PROJECTOR + ".bias", floats(new double[dimension], dimension));
    return new Trained(
        tensors,
        Network.LINEAR,
        dimension,
        Optional.of(floats(map.texts().vectors(), classes, dimension)),
        Map.of());
  }

  /** Writes model.json, model.safetensors, prototypes if there are some, and the serving model. */
  void write(ModelFiles model, Trained head) {
    ModelDescription description =
        new ModelDescription(
            network.backbone(),
            network.variant(),
            classes,
            head.projector(),
            head.dimension(),
            network.input(),
            1,
            network
                .spec()
                .with(
                    transform.slices().stream().map(FeatureSlice::layer).toList(),
                    transform.root() ? FeatureSpec.ROOT_UNIT : FeatureSpec.UNIT,
                    transform.whitens()));
    Map<String, HostArray> tensors = new LinkedHashMap<>(network.arrays());
    int d = transform.dimension();
    tensors.put(FeatureTensors.SHIFT, floats(negated(transform.mean()), d));
    if (transform.whitens()) {
      tensors.put(FeatureTensors.WHITENING + ".weight", floats(transform.whitening(), d, d));
      tensors.put(FeatureTensors.WHITENING + ".bias", floats(transform.offset(), d));
    }
    tensors.putAll(head.tensors());
    model.write(description);
    model.write(ModelFiles.LAST, tensors, description);
    head.prototypes()
        .ifPresent(
            prototypes ->
                model.write(
                    ModelFiles.PROTOTYPES, Map.of(ModelFiles.PROTOTYPES_TENSOR, prototypes)));
    ServingModel.write(model, description, tensors, network.module());
  }

  private static double[] negated(double[] values) {
    double[] negated = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      negated[i] = -values[i];
    }
    return negated;
  }

  /** Numbers of a closed form as a model holds them. */
  static HostArray floats(double[] values, long... shape) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return HostArray.of(floats, shape);
  }
}
