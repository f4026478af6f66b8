package io.github.lsgspark.torch;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Decompositions and solutions of dense systems, in the element type of their arguments. */
public final class LinearAlgebra {
  private LinearAlgebra() {}

  /**
   * A symmetric matrix [n,n] as vectors diag(values) vectorsᵀ.
   *
   * @param values [n], the smallest first
   * @param vectors [n,n], of unit length, in columns
   */
  public record Spectrum(Tensor values, Tensor vectors) {}

  /** The eigenvalues and eigenvectors of a symmetric [n,n]. */
  public static Spectrum spectrum(Tensor symmetric) {
    var found = torch.linalg_eigh(symmetric);
    // get0() and get1() are views into the tuple; the copies own their tensors.
    return new Spectrum(new Tensor(found.get0()), new Tensor(found.get1()));
  }

  /** The lower triangle L of a positive definite [n,n] = L Lᵀ. */
  public static Tensor cholesky(Tensor definite) {
    return torch.linalg_cholesky(definite);
  }

  /** The solution X [n,m] of L Lᵀ X = B, from {@link #cholesky} and B [n,m]. */
  public static Tensor choleskySolve(Tensor lower, Tensor right) {
    return torch.cholesky_solve(right, lower);
  }

  /** (L Lᵀ)⁻¹ from {@link #cholesky}. */
  public static Tensor choleskyInverse(Tensor lower) {
    return torch.cholesky_inverse(lower);
  }

  /** L⁻¹ B for a lower triangle L [n,n] and B [n,m]. */
  public static Tensor solveLower(Tensor lower, Tensor right) {
    return torch.linalg_solve_triangular(lower, right, false, true, false);
  }

  /** The diagonal of [n,n] as a column [n,1]. */
  public static Tensor diagonal(Tensor square) {
    return square.diagonal().unsqueeze(1);
  }

  /** The blocks [m,v,v] along the diagonal of [m·v,m·v]. */
  public static Tensor diagonalBlocks(Tensor square, long v) {
    long m = square.size(0) / v;
    return square.reshape(m, v, m, v).diagonal(0, 0, 2).permute(2, 0, 1);
  }

  /** The solutions X of A X = B: [n,n] and [n,m], or batches of them. */
  public static Tensor solve(Tensor a, Tensor b) {
    return torch.linalg_solve(a, b);
  }

  /** Adds a number to the diagonal of [n,n], in place. */
  public static void addToDiagonal(Tensor square, double value) {
    square.diagonal().add_(new Scalar(value));
  }

  /** log Σ exp over each row: [n,m] to [n,1]. */
  public static Tensor logSumExp(Tensor rows) {
    return torch.logsumexp(rows, new long[] {1}, true);
  }

  /** In each row, the element at the row's label: rows [n,C], labels [n] (int64) to [n,1]. */
  public static Tensor at(Tensor rows, Tensor labels) {
    return rows.gather(1, labels.unsqueeze(1));
  }

  /** Sets the element at each row's label: rows [n,C], labels [n] (int64), values [n,1]. */
  public static void setAt(Tensor rows, Tensor labels, Tensor values) {
    rows.scatter_(1, labels.unsqueeze(1), values);
  }

  /** The identity minus each matrix of [m,n,n]. */
  public static Tensor identityMinus(Tensor squares) {
    Tensor negative = squares.neg();
    negative.diagonal(0, 1, 2).add_(new Scalar(1.0));
    return negative;
  }

  /** 1 where an element is 0, else 0, in double. */
  public static Tensor isZero(Tensor a) {
    return Tensors.to(a.eq(new Scalar(0.0)), Dtype.FLOAT64);
  }

  /** The elements in another shape; memory is shared where that is possible. */
  public static Tensor shaped(Tensor a, long... shape) {
    return a.reshape(shape);
  }
}
