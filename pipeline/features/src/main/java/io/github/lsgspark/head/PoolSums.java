package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.LinearAlgebra;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.io.Serializable;
import java.util.Iterator;
import org.bytedeco.pytorch.Tensor;

/**
 * What one pass over all rows finds.
 *
 * @param roots [D], sums of rooted features
 * @param rows number of rows
 * @param classRows [C], rows of each class
 */
record PoolSums(double[] roots, long rows, long[] classRows) implements Serializable {

  /** The pass. */
  record Pass(HeadSettings.Root root, int dimension, int classes) implements BlockSum<PoolSums> {
    @Override
    public PoolSums over(Iterator<Block> blocks) {
      double[] sums = new double[dimension];
      long[] counts = new long[classes];
      long rows = 0;
      while (blocks.hasNext()) {
        Block block = blocks.next();
        try (TensorScope scope = new TensorScope()) {
          Rows.add(sums, Tensors.doubles(Ops.sum(rooted(root, block.tensor()), 0, false)));
        }
        for (int label : block.labels()) {
          if (label >= 0) {
            counts[label]++;
          }
        }
        rows += block.count();
      }
      return new PoolSums(sums, rows, counts);
    }

    @Override
    public PoolSums add(PoolSums a, PoolSums b) {
      Rows.add(a.roots, b.roots);
      for (int c = 0; c < classes; c++) {
        a.classRows[c] += b.classRows[c];
      }
      return new PoolSums(a.roots, a.rows + b.rows, a.classRows);
    }
  }

  /** Rows after the root, in double. */
  static Tensor rooted(HeadSettings.Root root, Tensor rows) {
    Tensor wide = Tensors.to(rows, Dtype.FLOAT64);
    return root == HeadSettings.Root.SIGNED_ROOT ? LinearAlgebra.signedRoot(wide) : wide;
  }

  /** Rows that have a label. */
  long labelledRows() {
    long sum = 0;
    for (long count : classRows) {
      sum += count;
    }
    return sum;
  }

  /** [D], the mean of rooted features. */
  double[] mean() {
    double[] mean = new double[roots.length];
    for (int d = 0; d < mean.length; d++) {
      mean[d] = roots[d] / rows;
    }
    return mean;
  }
}
