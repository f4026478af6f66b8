package io.github.lsgspark.head;

import io.github.lsgspark.torch.LinearAlgebra;
import io.github.lsgspark.torch.Ops;
import org.bytedeco.pytorch.Tensor;

/**
 * What a least-squares fit gives samples that are left out with all their views, by the hat matrix
 * H of the fit to all: e = (I − H_ii)⁻¹ r, where r are the residuals of the sample's rows and H_ii
 * is their part of H (Allen 1974).
 */
final class LeftOut {
  private LeftOut() {}

  /**
   * The errors from residuals, for one view of a sample.
   *
   * @param residuals [m, C]
   * @param hat [m, 1], or [m, C] where each column is a fit of its own
   */
  static Tensor errors(Tensor residuals, Tensor hat) {
    return Ops.div(residuals, Ops.add(Ops.mul(hat, -1), 1));
  }

  /**
   * The errors from residuals, for several views of a sample.
   *
   * @param residuals [m · v, C]
   * @param hat [m, v, v]
   * @return [m · v, C]
   */
  static Tensor errorsOfBlocks(Tensor residuals, Tensor hat) {
    Tensor blocks = LinearAlgebra.shaped(residuals, hat.size(0), hat.size(1), residuals.size(1));
    return LinearAlgebra.shaped(
        LinearAlgebra.solve(LinearAlgebra.identityMinus(hat), blocks),
        residuals.size(0),
        residuals.size(1));
  }

  /**
   * Scores of the first view of each sample.
   *
   * @param targets [m · v, C], times the roots of the rows' weights, as errors are
   * @param roots [m · v, 1]
   * @return [m, C]
   */
  static Tensor scores(Tensor targets, Tensor errors, Tensor roots, int views) {
    Tensor all = Ops.div(Ops.sub(targets, errors), roots);
    return views == 1 ? all : first(all, views);
  }

  /** The first row of each sample [m, n] of [m · v, n]. */
  static Tensor first(Tensor rows, int views) {
    long m = rows.size(0) / views;
    long n = rows.size(1);
    return LinearAlgebra.shaped(Ops.narrow(LinearAlgebra.shaped(rows, m, views, n), 1, 0, 1), m, n);
  }
}
