package io.github.lsgspark.head;

import io.github.lsgspark.torch.LinearAlgebra;
import io.github.lsgspark.torch.LinearAlgebra.Spectrum;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.Tensors;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Ridges for any number of λ and kernels of classes by one eigendecomposition of the rows' products
 * and one of the classes': in both bases the system X X' ⊗ K + λI of the dual form is diagonal.
 * Along an eigenvector of K of eigenvalue κ it is a ridge of its own, with λ / κ; so leave-one-out
 * stays exact.
 *
 * @param s eigenvalues of X'X [r]
 * @param b row-major [r, C]: X'Y in both bases
 * @param weights of one row of each class [C]
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
record SpectralRidge(double[] s, double[] b, double[] weights, int views, ClassKernel kernel)
    implements Serializable {

  /**
   * What is fitted.
   *
   * @param prior how much classes share
   */
  record Choice(double lambda, double prior) implements Serializable {}

  /**
   * By the eigenvectors of X X'.
   *
   * @param s eigenvalues [r]
   * @param vectors [n, r]
   * @param y [n, C]
   */
  static SpectralRidge ofDual(
      Tensor s, Tensor vectors, Tensor y, double[] weights, int views, ClassKernel kernel) {
    Tensor sizes = Ops.pow(LinearAlgebra.shaped(s, s.size(0), 1), 0.5);
    Tensor projected = Ops.matmul(Ops.transpose(vectors, 0, 1), y);
    return new SpectralRidge(
        Tensors.doubles(s),
        Tensors.doubles(kernel.turned(Ops.mul(projected, sizes))),
        weights,
        views,
        kernel);
  }

  /**
   * By the eigenvectors of X'X.
   *
   * @param right X'Y [d, C]
   */
  static SpectralRidge ofPrimal(
      Spectrum spectrum, Tensor right, double[] weights, int views, ClassKernel kernel) {
    Tensor b = Ops.matmul(Ops.transpose(spectrum.vectors(), 0, 1), right);
    return new SpectralRidge(
        Tensors.doubles(Ops.clampMin(spectrum.values(), 0)),
        Tensors.doubles(kernel.turned(b)),
        weights,
        views,
        kernel);
  }

  /** κ / (κ s + λ): [r, C], or [r, 1] where classes share nothing. */
  private Tensor inverse(Choice choice) {
    if (kernel.isNone()) {
      return Ops.pow(Ops.add(Tensors.of(s, s.length, 1), choice.lambda()), -1);
    }
    Tensor kappa = Tensors.of(kernel.values(choice.prior()), 1, kernel.classes());
    Tensor both = Ops.add(Ops.mul(Tensors.of(s, s.length, 1), kappa), choice.lambda());
    return Ops.div(kappa, both);
  }

  /** The weights in the basis of the rows [r, C], and back among the classes. */
  Tensor coefficients(Choice choice) {
    return kernel.back(turnedCoefficients(choice));
  }

  private Tensor turnedCoefficients(Choice choice) {
    return Ops.mul(Tensors.of(b, s.length, weights.length), inverse(choice));
  }

  /**
   * What samples score that were left out, in the first of their views.
   *
   * @param z rows in the basis, times the roots of their weights [m · views, r]
   * @return for each choice [m, C]
   */
  List<Tensor> without(Tensor z, int[] labels, List<Choice> choices) {
    Tensor roots = RidgeHead.roots(labels, weights, views);
    Tensor targets =
        kernel.turned(Ops.mul(RidgeHead.targets(labels, weights.length, views), roots));
    List<Tensor> scores = new ArrayList<>();
    for (Choice choice : choices) {
      Tensor residuals = Ops.sub(targets, Ops.matmul(z, turnedCoefficients(choice)));
      Tensor inverse = inverse(choice);
      Tensor errors =
          views == 1
              ? LeftOut.errors(residuals, Ops.matmul(Ops.mul(z, z), inverse))
              : errors(z, residuals, inverse, labels.length);
      scores.add(kernel.back(LeftOut.scores(targets, errors, roots, views)));
    }
    return scores;
  }

  /** Each column of the inverse is a fit of its own. */
  private Tensor errors(Tensor z, Tensor residuals, Tensor inverse, int samples) {
    int fits = (int) inverse.size(1);
    Tensor blocks = LinearAlgebra.shaped(z, samples, views, s.length);
    Tensor[] errors = new Tensor[fits];
    for (int fit = 0; fit < fits; fit++) {
      Tensor own = LinearAlgebra.shaped(Ops.narrow(inverse, 1, fit, 1), 1, s.length);
      Tensor halves = LinearAlgebra.shaped(Ops.mul(z, own), samples, views, s.length);
      Tensor hat = Ops.batchedMatmul(halves, Ops.transpose(blocks, 1, 2));
      Tensor column = fits == 1 ? residuals : Ops.narrow(residuals, 1, fit, 1);
      errors[fit] = LeftOut.errorsOfBlocks(column, hat);
    }
    return fits == 1 ? errors[0] : Ops.cat(1, errors);
  }
}
