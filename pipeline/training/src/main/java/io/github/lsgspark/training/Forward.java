package io.github.lsgspark.training;

import io.github.lsgspark.backbone.BatchNormalization;
import io.github.lsgspark.dataset.ViewBatch;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.ModeGuard;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/** The network's passes in training: its precision, and its batch normalisation. */
record Forward(Network network, PrecisionPolicy policy, BatchNormalization normalization) {

  /**
   * Whether replicas exchange statistics while features are computed, and on the way back: then all
   * must compute them, if one does, even those that have no rows.
   */
  boolean featuresExchange() {
    return normalization instanceof SynchronizedBatchNorm && network.normalizesFeatures();
  }

  /** The same of projections. */
  boolean projectionsExchange() {
    return normalization instanceof SynchronizedBatchNorm && network.normalizesProjections();
  }

  /** Features [n,d] of views. The tensors look into the batch's memory. */
  Tensor features(ViewBatch views) {
    return features(Tensors.viewOf(views.views()));
  }

  /**
   * Features [m,d] of some of the views.
   *
   * @param rows of the batch, m of them; none only where {@link #featuresExchange}
   */
  Tensor features(ViewBatch views, int[] rows) {
    long[] wide = Arrays.stream(rows).asLongStream().toArray();
    return features(
        Ops.indexSelect(Tensors.viewOf(views.views()), 0, Tensors.of(wide, wide.length)));
  }

  private Tensor features(Tensor images) {
    try (ModeGuard mixed = policy.mixed()) {
      return network.features(policy.images(images), normalization);
    }
  }

  /** Logits [n,C] in float32. */
  Tensor logits(Tensor features) {
    try (ModeGuard mixed = policy.mixed()) {
      return Tensors.to(network.classify(features), Dtype.FLOAT32);
    }
  }

  /** The projection [n,D] into the text space, not normalised. */
  Tensor project(Tensor features) {
    return network.project(features, normalization);
  }
}
