package io.github.lsgspark.torch;

import io.github.lsgspark.graph.search.BlockProduct;
import org.bytedeco.pytorch.Tensor;

/** Products by libtorch's BLAS, which the graph finds as a service. */
public final class TorchBlockProduct implements BlockProduct {

  /** Rows as a tensor [count, dimension]. */
  private record TensorRows(Tensor tensor) implements Rows {

    @Override
    public float[] times(int from, int count, Rows others, int fromOfOthers, int countOfOthers) {
      try (TensorScope scope = new TensorScope()) {
        Tensor a = Ops.narrow(tensor, 0, from, count);
        Tensor b = Ops.narrow(((TensorRows) others).tensor, 0, fromOfOthers, countOfOthers);
        return Tensors.floats(Ops.matmul(a, Ops.transpose(b, 0, 1)));
      }
    }

    @Override
    public void close() {
      tensor.close();
    }
  }

  @Override
  public Rows rows(float[] values, int count, int dimension) {
    return new TensorRows(Tensors.of(values, count, dimension));
  }

  @Override
  public double[] doubles(double[] a, int n, double[] b, int m, int dimension) {
    try (TensorScope scope = new TensorScope()) {
      Tensor turned = Ops.transpose(Tensors.of(b, m, dimension), 0, 1);
      return Tensors.doubles(Ops.matmul(Tensors.of(a, n, dimension), turned));
    }
  }
}
