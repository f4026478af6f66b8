package io.github.lsgspark.lsg;

import io.github.lsgspark.torch.Ops;
import org.bytedeco.pytorch.Tensor;

/**
 * A term's value on one replica. Gradients and numbers are summed over the replicas, so both carry
 * the replica's share.
 *
 * @param tensor a scalar, differentiable
 * @param part and whole: the value enters the replica's loss times part / whole
 * @param share of the value that counts as this replica's when numbers are added up, beyond that
 */
public record LossValue(Tensor tensor, double part, double whole, double share) {

  /** A mean over rows of which this replica has some. */
  public static LossValue ofRows(Tensor mean, double rows, double all) {
    return new LossValue(mean, rows, all, 1);
  }

  /** A value of which a share is this replica's. */
  public static LossValue ofShare(Tensor value, double share) {
    return new LossValue(value, share, 1, 1);
  }

  /** A value that all replicas have, each with the gradient of its own rows. */
  public static LossValue ofAll(Tensor value, double share) {
    return new LossValue(value, 1, 1, share);
  }

  private double scale(double weight) {
    return weight * part / whole;
  }

  /** What enters the replica's loss, at a weight of the term. */
  Tensor weighted(double weight) {
    double scale = scale(weight);
    return scale == 1 ? tensor : Ops.mul(tensor, scale);
  }

  /** Adds this replica's part of the number, at a weight of it. */
  void addTo(StepMetrics metrics, String name, double weight) {
    double mine = scale(weight) * share;
    if (mine != 0) {
      metrics.add(name, tensor, mine);
    }
  }
}
