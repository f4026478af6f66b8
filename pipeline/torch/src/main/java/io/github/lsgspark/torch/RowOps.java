package io.github.lsgspark.torch;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Operations on the rows of matrices. Results are differentiable unless they are made inside {@link
 * Autograd#noGrad()}.
 */
public final class RowOps {
  private RowOps() {}

  /** Rows divided by max(length, epsilon), as F.normalize does. */
  public static Tensor normalizeRows(Tensor a, double epsilon) {
    return a.div(rowNorms(a).clamp_min(new Scalar(epsilon)));
  }

  /** Euclidean length of each row: [n,d] to [n,1]. */
  public static Tensor rowNorms(Tensor a) {
    return a.norm(new ScalarOptional(new Scalar(2.0)), new long[] {1}, true);
  }

  /** Rows whose largest element stands at the row's label, as a scalar where they lie. */
  public static Tensor hitCount(Tensor rows, Tensor labels) {
    return Ops.argmax(rows, 1).eq(labels).sum();
  }

  /** Dot products of the rows of two matrices: [n,d] and [n,d] to [n,1]. */
  public static Tensor rowDots(Tensor a, Tensor b) {
    return Ops.batchedMatmul(a.unsqueeze(1), b.unsqueeze(2)).squeeze(2);
  }

  /** In each row, a one less at the label: rows [n,C], labels [n] (int64). */
  public static void subtractOneAt(Tensor rows, Tensor labels) {
    Tensor column = labels.unsqueeze(1);
    rows.scatter_(1, column, rows.gather(1, column).sub(new Scalar(1.0)));
  }

  /**
   * Means over groups of rows that follow each other.
   *
   * @param rows [n k, d]
   * @param size k
   * @return [n, d]; the rows themselves if k is 1
   */
  public static Tensor meanOfGroups(Tensor rows, long size) {
    return size == 1 ? rows : rows.view(-1, size, rows.size(1)).mean(1);
  }

  /**
   * Weighted sums over groups of rows that follow each other.
   *
   * @param rows [n k, d]
   * @param weights [n, k]
   * @return [n, d]
   */
  public static Tensor weightedSumOfGroups(Tensor rows, Tensor weights) {
    Tensor groups = rows.view(-1, weights.size(1), rows.size(1));
    return Ops.batchedMatmul(weights.unsqueeze(1), groups).squeeze(1);
  }

  /** Rows [n,d] times factors [n,1], in place. */
  public static void mulRowsInPlace(Tensor rows, Tensor factors) {
    rows.mul_(factors);
  }

  /**
   * The largest elements of each row.
   *
   * @param values [n,count], largest first
   * @param columns [n,count] int64, where they stand
   */
  public record Largest(Tensor values, Tensor columns) {}

  /** The {@code count} largest elements of each row of [n,m]. */
  public static Largest largestOfRows(Tensor rows, int count) {
    var found = torch.topk(rows, count, 1, true, true);
    return new Largest(new Tensor(found.get0()), new Tensor(found.get1()));
  }

  /** Rows of [n,C] whose largest element stands at the row's label [n] (int64). */
  public static double hits(Tensor rows, Tensor labels) {
    try (TensorScope scope = new TensorScope()) {
      return Tensors.item(hitCount(rows, labels));
    }
  }

  /**
   * Sparse times dense: row i of the result is the sum over j in [offsets[i], offsets[i+1]) of
   * weights[j] * table[columns[j]].
   *
   * @param table [n,d], constant
   * @param columns [nnz] int64
   * @param offsets [rows + 1] int64, from 0 to nnz
   * @param weights [nnz], same element type as the table
   */
  public static Tensor weightedGatherSum(
      Tensor table, Tensor columns, Tensor offsets, Tensor weights) {
    // get0() is a view into the tuple; the copy owns its tensor.
    return new Tensor(
        torch
            .embedding_bag(
                table, columns, offsets, false, 0, false, new TensorOptional(weights), true)
            .get0());
  }
}
