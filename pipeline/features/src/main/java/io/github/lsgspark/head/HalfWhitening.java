package io.github.lsgspark.head;

import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.LinearAlgebra;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.io.Serializable;
import java.util.Iterator;
import org.bytedeco.pytorch.Tensor;

/**
 * The map that divides each principal axis of the pool, of variance s, by (s + mean(s) / 10)^¼.
 * Float64 sums on executors, one decomposition [d,d] on the driver.
 */
final class HalfWhitening {
  private static final double SHARE_OF_MEAN = 0.1;
  private static final double EXPONENT = -0.25;

  private HalfWhitening() {}

  /** Sums over rows: of x [d], and of x xᵀ [d,d]. */
  record Moments(double[] sum, double[] products, long rows) implements Serializable {}

  private record Pass(FeatureTransform transform) implements BlockSum<Moments> {
    @Override
    public Moments over(Iterator<Block> blocks) {
      int d = transform.dimension();
      try (TensorScope scope = new TensorScope()) {
        Tensor products = Tensors.zeros(Dtype.FLOAT64, ComputeDevice.cpu(), d, d);
        double[] sum = new double[d];
        long rows = 0;
        while (blocks.hasNext()) {
          Block block = blocks.next();
          try (TensorScope inner = new TensorScope()) {
            Tensor x = transform.apply(block.tensor());
            Ops.addProductInPlace(products, Ops.transpose(x, 0, 1), x);
            Rows.add(sum, Tensors.doubles(Ops.sum(x, 0, false)));
          }
          rows += block.count();
        }
        return new Moments(sum, Tensors.doubles(products), rows);
      }
    }

    @Override
    public Moments add(Moments a, Moments b) {
      return new Moments(Rows.add(a.sum, b.sum), Rows.add(a.products, b.products), a.rows + b.rows);
    }
  }

  /** The transform with the whitening of the rows that it makes. */
  static FeatureTransform of(Rows pool, FeatureTransform plain) {
    Moments moments = pool.sum(new Pass(plain));
    Rows.useDriverThreads();
    int d = plain.dimension();
    double[] mean = new double[d];
    for (int i = 0; i < d; i++) {
      mean[i] = moments.sum[i] / moments.rows;
    }
    try (TensorScope scope = new TensorScope()) {
      Tensor row = Tensors.of(mean, 1, d);
      Tensor covariance =
          Ops.sub(
              Ops.div(Tensors.of(moments.products, d, d), (double) moments.rows),
              Ops.matmul(Ops.transpose(row, 0, 1), row));
      LinearAlgebra.Spectrum axes = LinearAlgebra.spectrum(covariance);
      Tensor variances = Ops.clampMin(axes.values(), 0);
      double share = SHARE_OF_MEAN * Tensors.item(Ops.mean(variances));
      Tensor factors = Ops.pow(Ops.add(variances, Math.max(share, Double.MIN_NORMAL)), EXPONENT);
      Tensor matrix = Ops.mul(axes.vectors(), LinearAlgebra.shaped(factors, 1, d));
      return plain.with(new FeatureTransform.Whitening(mean, Tensors.doubles(matrix)));
    }
  }
}
