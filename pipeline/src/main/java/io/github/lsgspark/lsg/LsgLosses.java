package io.github.lsgspark.lsg;

import io.github.lsgspark.torch.Ops;
import org.bytedeco.pytorch.Tensor;

/** The two losses of the LSG branch (LSG-SPEC 5.3). */
public final class LsgLosses {
  private static final double EPSILON = 1e-12;

  private LsgLosses() {}

  /** L_align: mean cross entropy of the branch's raw logits y [B,C] against the labels [B]. */
  public static Tensor align(Tensor logits, Tensor labels) {
    return Ops.crossEntropy(logits, labels, 0);
  }

  /**
   * L_r: mean distance between the unit vectors of f [B,D] and of g [B,D]; g is constant. The
   * gradient is zero where both coincide.
   */
  public static Tensor regularization(Tensor projected, Tensor hidden) {
    Tensor target = Ops.normalizeRows(hidden.detach(), EPSILON);
    return Ops.mean(Ops.rowNorms(Ops.sub(Ops.normalizeRows(projected, EPSILON), target)));
  }
}
