package io.github.lsgspark.lsg;

import io.github.lsgspark.gcn.GcnConstants;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.RowOps;
import org.bytedeco.pytorch.Tensor;

/** The losses of the LSG branch (docs/method.md, section 4), and one beyond the paper. */
public final class LsgLosses {
  private static final double EPSILON = GcnConstants.EPSILON;

  private LsgLosses() {}

  /** L_align: mean cross entropy of the branch's logits y [B,C] against the labels [B]. */
  public static Tensor align(Tensor logits, Tensor labels) {
    return Ops.crossEntropy(logits, labels, 0);
  }

  /**
   * L_r: mean distance between the unit vectors of f [B,D] and of g [B,D]; g is constant. The
   * gradient is zero where both coincide.
   */
  public static Tensor regularization(Tensor projected, Tensor hidden) {
    Tensor target = RowOps.normalizeRows(hidden.detach(), EPSILON);
    return Ops.mean(RowOps.rowNorms(Ops.sub(RowOps.normalizeRows(projected, EPSILON), target)));
  }

  /**
   * Beyond the paper: mean cross entropy of scale · cos(f, class prototype) against the labels [B].
   * In the graph an image node is joined with the texts of its own label, so L_align can fall
   * without f telling classes apart; here the label does not enter what is classified.
   *
   * @param projected f [B,D]
   * @param prototypes [D,C], unit columns
   * @param handicaps [C], added to the scaled cosines
   */
  public static Tensor prototypes(
      Tensor projected, Tensor prototypes, double scale, Tensor handicaps, Tensor labels) {
    Tensor cosines = Ops.matmul(RowOps.normalizeRows(projected, EPSILON), prototypes);
    return Ops.crossEntropy(Ops.add(Ops.mul(cosines, scale), handicaps), labels, 0);
  }
}
