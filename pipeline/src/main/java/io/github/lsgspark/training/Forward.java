package io.github.lsgspark.training;

import io.github.lsgspark.backbone.BatchNormalization;
import io.github.lsgspark.dataset.ViewBatch;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.Guard;
import io.github.lsgspark.torch.Tensors;
import org.bytedeco.pytorch.Tensor;

/** The network's passes in training: its precision, and its batch normalisation. */
record Forward(Network network, Numerics numerics, BatchNormalization normalization) {

  /** Features [n,d] of views. The tensors look into the batch's memory. */
  Tensor features(ViewBatch views) {
    try (Guard mixed = numerics.mixed()) {
      return network.features(numerics.images(Tensors.viewOf(views.images())), normalization);
    }
  }

  /** Logits [n,C] in float32. */
  Tensor logits(Tensor features) {
    try (Guard mixed = numerics.mixed()) {
      return Tensors.to(network.classify(features), Dtype.FLOAT32);
    }
  }

  /** The projection [n,D] into the text space, not normalised. */
  Tensor project(Tensor features) {
    return network.project(features, normalization);
  }
}
