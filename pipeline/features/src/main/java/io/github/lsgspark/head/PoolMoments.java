package io.github.lsgspark.head;

import io.github.lsgspark.torch.LinearAlgebra;
import io.github.lsgspark.torch.LinearAlgebra.Spectrum;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.bytedeco.pytorch.Tensor;

/** Variances over the pool: every sample that training may see. */
final class PoolMoments {
  private static final int DEPTH = 2;

  /** Part of the mean variance that is added to each. */
  private static final double ADDED = 0.1;

  private PoolMoments() {}

  @FunctionalInterface
  private interface RowSums extends Serializable {
    /** Sums over rows, and their count last. */
    double[] of(RowBlock block);
  }

  /**
   * A transform with a half-whitening besides: the transformed rows, centred, along their principal
   * axes, each divided by (s + 0.1 mean s)^¼ for its variance s.
   */
  static FeatureTransform whitened(JavaRDD<RowBlock> pool, FeatureTransform transform) {
    int d = transform.dimension();
    double[] sums =
        total(
            pool,
            block -> {
              Tensor x = transform.apply(block.values());
              Tensor gram = Ops.matmul(Ops.transpose(x, 0, 1), x);
              Tensor sum = LinearAlgebra.shaped(Ops.sum(x, 0, false), 1, d);
              return withCount(Tensors.doubles(Ops.cat(0, gram, sum)), x.size(0));
            });
    double count = sums[sums.length - 1];
    try (TensorScope scope = new TensorScope()) {
      Tensor both = Tensors.of(Arrays.copyOf(sums, (d + 1) * d), d + 1, d);
      Tensor mean = Ops.div(Ops.narrow(both, 0, d, 1), count);
      Tensor covariance =
          Ops.sub(
              Ops.div(Ops.narrow(both, 0, 0, d), count),
              Ops.matmul(Ops.transpose(mean, 0, 1), mean));
      Spectrum spectrum = LinearAlgebra.spectrum(covariance);
      double[] variances = Tensors.doubles(Ops.clampMin(spectrum.values(), 0));
      double average = Arrays.stream(variances).sum() / d;
      double[] factors = new double[d];
      for (int i = 0; i < d; i++) {
        factors[i] = Math.pow(variances[i] + ADDED * average, -0.25);
      }
      Tensor matrix = Ops.mul(Ops.transpose(spectrum.vectors(), 0, 1), Tensors.of(factors, d, 1));
      Tensor moved = Ops.mul(Ops.matmul(matrix, Ops.transpose(mean, 0, 1)), -1);
      return transform.whitened(Tensors.doubles(matrix), Tensors.doubles(moved));
    }
  }

  private static double[] withCount(double[] sums, long count) {
    double[] all = Arrays.copyOf(sums, sums.length + 1);
    all[sums.length] = count;
    return all;
  }

  private static double[] total(JavaRDD<RowBlock> pool, RowSums sums) {
    return pool.mapPartitions(part -> partial(part, sums)).treeReduce(Sums::added, DEPTH);
  }

  private static Iterator<double[]> partial(Iterator<RowBlock> part, RowSums sums) {
    NativeTorch.setThreads(TaskContext.get().cpus());
    double[] sum = null;
    while (part.hasNext()) {
      try (TensorScope scope = new TensorScope()) {
        double[] term = sums.of(part.next());
        sum = sum == null ? term : Sums.added(sum, term);
      }
    }
    return sum == null ? Collections.emptyIterator() : List.of(sum).iterator();
  }
}
