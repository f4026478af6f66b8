package io.github.lsgspark.head;

import io.github.lsgspark.torch.LinearAlgebra;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.SideBySide;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Ridges of rows in memory for a few λ, each by a Cholesky decomposition of its own, which takes
 * less than one eigendecomposition for all: of X X' + λI where there are fewer rows than features,
 * else of X'X + λI.
 */
final class CholeskyRidge {
  /** Of the size of the square, or of rows by columns, that a λ needs at once. */
  private static final long MATRICES = 3;

  /** Half a gigabyte of doubles. */
  private static final long MOST_NUMBERS = 1L << 26;

  private final int[] labels;
  private final int views;
  private final boolean dual;
  private final Tensor roots;
  private final Tensor x;
  private final Tensor y;
  private final Tensor square;

  /**
   * @param rows that are in memory; what is made of them lives as long as the caller's scope
   */
  CholeskyRidge(LabelledRows rows) {
    labels = rows.dualLabels();
    views = rows.views();
    roots = RidgeHead.roots(labels, rows.rowWeights(), views);
    x = Ops.mul(rows.held(), roots);
    y = Ops.mul(RidgeHead.targets(labels, rows.classes().size(), views), roots);
    dual = x.size(0) <= x.size(1);
    Tensor turned = Ops.transpose(x, 0, 1);
    square = dual ? Ops.matmul(x, turned) : Ops.matmul(turned, x);
  }

  /** What samples score that were left out, under each λ: [m, C]. */
  List<Tensor> without(double[] lambdas) {
    return SideBySide.map(
        lambdas,
        threads(),
        lambda -> {
          Tensor errors = dual ? dualErrors(lambda) : primalErrors(lambda);
          return LeftOut.scores(y, errors, roots, views);
        });
  }

  /** As many as there are cores, but no more than what their matrices leave room for. */
  private int threads() {
    long matrices = MATRICES * square.size(0) * Math.max(square.size(0), x.size(0));
    return (int)
        Math.max(1, Math.min(Runtime.getRuntime().availableProcessors(), MOST_NUMBERS / matrices));
  }

  int[] labels() {
    return labels;
  }

  /** With A = X X' + λI the errors are (A⁻¹)_ii⁻¹ (A⁻¹ Y)_i. */
  private Tensor dualErrors(double lambda) {
    Tensor inverse = LinearAlgebra.choleskyInverse(decomposed(lambda));
    Tensor solved = Ops.matmul(inverse, y);
    if (views == 1) {
      return Ops.div(solved, LinearAlgebra.diagonal(inverse));
    }
    Tensor blocks = LinearAlgebra.diagonalBlocks(inverse, views);
    return LinearAlgebra.shaped(
        LinearAlgebra.solve(blocks, LinearAlgebra.shaped(solved, labels.length, views, y.size(1))),
        y.size(0),
        y.size(1));
  }

  private Tensor primalErrors(double lambda) {
    Tensor lower = decomposed(lambda);
    Tensor right = Ops.matmul(Ops.transpose(x, 0, 1), y);
    Tensor residuals = Ops.sub(y, Ops.matmul(x, LinearAlgebra.choleskySolve(lower, right)));
    // H = X L⁻ᵀ L⁻¹ X' is of the products of these columns.
    Tensor columns = LinearAlgebra.solveLower(lower, Ops.transpose(x, 0, 1));
    if (views == 1) {
      Tensor hat = Ops.sum(Ops.mul(columns, columns), 0, false);
      return LeftOut.errors(residuals, LinearAlgebra.shaped(hat, labels.length, 1));
    }
    Tensor rows =
        LinearAlgebra.shaped(Ops.transpose(columns, 0, 1), labels.length, views, columns.size(0));
    return LeftOut.errorsOfBlocks(residuals, Ops.batchedMatmul(rows, Ops.transpose(rows, 1, 2)));
  }

  private Tensor decomposed(double lambda) {
    Tensor own = Ops.mul(square, 1);
    LinearAlgebra.addToDiagonal(own, lambda);
    return LinearAlgebra.cholesky(own);
  }

  /** The weights [C, d] of the fit to all samples. */
  LinearHead head(double lambda) {
    try (TensorScope scope = new TensorScope()) {
      Tensor lower = decomposed(lambda);
      Tensor weight =
          dual
              ? Ops.matmul(Ops.transpose(LinearAlgebra.choleskySolve(lower, y), 0, 1), x)
              : Ops.transpose(
                  LinearAlgebra.choleskySolve(lower, Ops.matmul(Ops.transpose(x, 0, 1), y)), 0, 1);
      return LinearHead.of(Tensors.doubles(weight), (int) y.size(1));
    }
  }
}
