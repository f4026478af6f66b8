package io.github.lsgspark.gcn;

import io.github.lsgspark.graph.CsrMatrix;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.RowOps;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/**
 * A text graph as the GCN sees it. The first layer is Ahat (X W1) = (Ahat X) W1, and Ahat X never
 * changes, so it is computed once; the large products of an iteration are then two of [N,D] x [D,D]
 * and none of [N,N].
 */
final class GcnGraph implements AutoCloseable {
  private final Sparse adjacency;
  private final Sparse transposed;
  private final Tensor propagated;
  private Tensor propagatedHalf;
  private final Tensor labels;
  private final int nodes;

  /**
   * @param normalized Ahat [N,N]
   * @param embeddings X [N,D]
   * @param labels class of each node
   */
  GcnGraph(
      CsrMatrix normalized, Tensor embeddings, int[] labels, Dtype dtype, ComputeDevice device) {
    try (TensorScope scope = new TensorScope()) {
      adjacency = Sparse.of(normalized, dtype, device, scope);
      CsrMatrix transpose = normalized.transpose();
      transposed =
          transpose.equals(normalized) ? adjacency : Sparse.of(transpose, dtype, device, scope);
      Sparse exact = Sparse.of(normalized, Dtype.FLOAT64, device, scope);
      Tensor product = exact.times(Tensors.to(embeddings, Dtype.FLOAT64, device));
      propagated = scope.keep(Tensors.to(product, dtype, device).clone());
      exact.close();
      long[] targets = Arrays.stream(labels).asLongStream().toArray();
      this.labels =
          scope.keep(Tensors.to(Tensors.of(targets, targets.length), Dtype.INT64, device).clone());
    }
    nodes = labels.length;
  }

  /** Ahat v. */
  Tensor propagate(Tensor values) {
    return adjacency.times(values);
  }

  /** Ahatᵀ v. */
  Tensor propagateBack(Tensor values) {
    return transposed.times(values);
  }

  /** Ahat X [N,D]. */
  Tensor propagated() {
    return propagated;
  }

  /** Ahat X [N,D] in bfloat16, made when it is first asked for. */
  Tensor propagatedHalf() {
    if (propagatedHalf == null) {
      propagatedHalf = TensorScope.detached(Tensors.to(propagated, Dtype.BFLOAT16).clone());
    }
    return propagatedHalf;
  }

  /** [N], int64. */
  Tensor labels() {
    return labels;
  }

  int nodes() {
    return nodes;
  }

  @Override
  public void close() {
    propagated.close();
    if (propagatedHalf != null) {
      propagatedHalf.close();
    }
    labels.close();
    adjacency.close();
    if (transposed != adjacency) {
      transposed.close();
    }
  }

  /** A sparse matrix as tensors. */
  private record Sparse(Tensor columns, Tensor offsets, Tensor weights) {
    static Sparse of(CsrMatrix matrix, Dtype dtype, ComputeDevice device, TensorScope scope) {
      long[] columns = Arrays.stream(matrix.columns()).asLongStream().toArray();
      long[] offsets = Arrays.stream(matrix.rowOffsets()).asLongStream().toArray();
      return new Sparse(
          scope.keep(Tensors.to(Tensors.of(columns, columns.length), Dtype.INT64, device).clone()),
          scope.keep(Tensors.to(Tensors.of(offsets, offsets.length), Dtype.INT64, device).clone()),
          scope.keep(
              Tensors.to(Tensors.of(matrix.values(), columns.length), dtype, device).clone()));
    }

    Tensor times(Tensor dense) {
      return RowOps.weightedGatherSum(dense, columns, offsets, weights);
    }

    void close() {
      columns.close();
      offsets.close();
      weights.close();
    }
  }
}
