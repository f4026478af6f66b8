package io.github.lsgspark.training;

import io.github.lsgspark.dataset.ViewBatch;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.Tensors;
import org.bytedeco.pytorch.Tensor;

/**
 * This replica's rows of a part of a step, and what several terms of the loss share about them:
 * each is computed once, when the first term asks for it. The tensors look into the views' memory.
 */
final class LabelledBatch {
  private final Forward forward;
  private final BatchPlan plan;
  private final ViewBatch views;
  private Tensor features;
  private Tensor logits;
  private Tensor targets;
  private Tensor projected;

  LabelledBatch(Forward forward, BatchPlan plan, ViewBatch views) {
    this.forward = forward;
    this.plan = plan;
    this.views = views;
  }

  BatchPlan plan() {
    return plan;
  }

  /** Rows of this replica, b. */
  int rows() {
    return plan.rows().length;
  }

  /** Rows of the global batch, B. */
  int globalRows() {
    return plan.labels().length;
  }

  /** Features [b,F]. */
  Tensor features() {
    if (features == null) {
      features = forward.features(views);
    }
    return features;
  }

  /** Logits [b,C] of the classifier, in float32. */
  Tensor logits() {
    if (logits == null) {
      logits = forward.logits(features());
    }
    return logits;
  }

  /** Labels [b] int64. */
  Tensor targets() {
    if (targets == null) {
      long[] labels = plan.ownLabels();
      targets =
          Tensors.to(Tensors.of(labels, labels.length), Dtype.INT64, forward.policy().device());
    }
    return targets;
  }

  /** The labels as they are [b]. */
  int[] labels() {
    long[] own = plan.ownLabels();
    int[] labels = new int[own.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (int) own[i];
    }
    return labels;
  }

  /** The network, for what is looked at besides. */
  Network network() {
    return forward.network();
  }

  /** Projections [b,D] into the text space, not normalised. */
  Tensor projected() {
    if (projected == null) {
      projected = forward.project(features());
    }
    return projected;
  }
}
