package io.github.lsgspark.lsg;

import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.Tensors;
import org.bytedeco.pytorch.Tensor;

/**
 * The image nodes of one step as they enter the graph, and what the terms of the objective share
 * about them: the branch runs once, when the first term asks for it.
 */
public final class LsgBatch {
  private final LsgBranch branch;
  private final Tensor local;
  private final Tensor projected;
  private final int[] labels;
  private final double weight;
  private final double share;
  private final ComputeDevice device;
  private LsgBranch.Output output;
  private Tensor targets;

  /**
   * @param local this replica's projections [b,D], as the projector gave them
   * @param projected f [B,D] of all rows that are in the graph
   * @param labels of these rows
   * @param weight of the losses in this replica's gradient
   * @param share of the losses that counts as this replica's when numbers are added up
   */
  LsgBatch(
      LsgBranch branch,
      Tensor local,
      Tensor projected,
      int[] labels,
      double weight,
      double share,
      ComputeDevice device) {
    this.branch = branch;
    this.local = local;
    this.projected = projected;
    this.labels = labels;
    this.weight = weight;
    this.share = share;
    this.device = device;
  }

  /** This replica's projections [b,D], as the projector gave them. */
  public Tensor local() {
    return local;
  }

  Tensor projected() {
    return projected;
  }

  int[] labels() {
    return labels;
  }

  /** What the frozen GCN makes of the rows. */
  LsgBranch.Output output() {
    if (output == null) {
      output = branch.forward(projected, labels);
    }
    return output;
  }

  /** y without lengths, [B,C]. */
  Tensor cosines() {
    return branch.cosines(output());
  }

  /** The labels [B] int64. */
  Tensor targets() {
    if (targets == null) {
      long[] wide = new long[labels.length];
      for (int i = 0; i < wide.length; i++) {
        wide[i] = labels[i];
      }
      targets = Tensors.to(Tensors.of(wide, wide.length), Dtype.INT64, device);
    }
    return targets;
  }

  /** A mean over the rows, as this replica counts it. */
  LossValue value(Tensor mean) {
    // The share of a graph of the replica's own rows is its weight.
    return weight == share ? LossValue.ofShare(mean, share) : LossValue.ofAll(mean, share);
  }
}
