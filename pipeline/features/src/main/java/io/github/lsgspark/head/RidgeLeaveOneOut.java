package io.github.lsgspark.head;

import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.LinearAlgebra;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.io.Serializable;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.bytedeco.pytorch.Tensor;

/**
 * What a ridge of one λ says of each labelled sample when it is left out with all its views, by A =
 * Xᵀ Ω X + λ I and its Cholesky factor: a sample's own part in its scores is taken off by the hat
 * matrix (Allen 1974), as {@link RidgeHead} does to choose λ.
 *
 * @param lower factor of A, row-major [d, d]
 * @param product Xᵀ Ω Y, row-major [d, C]
 * @param weights of a row of each class [C]
 * @param views rows of a sample
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
record RidgeLeaveOneOut(double[] lower, double[] product, double[] weights, int views)
    implements Serializable {
  private static final int DEPTH = 2;

  /**
   * Sums over the labelled samples on executors; the driver holds [d, d + C].
   *
   * @param weights of a sample of each class [C]
   */
  static RidgeLeaveOneOut of(
      JavaRDD<RowBlock> labelled,
      FeatureTransform transform,
      double[] weights,
      int views,
      double lambda) {
    int d = transform.dimension();
    int classes = weights.length;
    double[] ofRows = new double[classes];
    for (int c = 0; c < classes; c++) {
      ofRows[c] = weights[c] / views;
    }
    double[] sums =
        labelled
            .mapPartitions(part -> partial(part, transform, ofRows, views))
            .treeReduce(Sums::added, DEPTH);
    NativeTorch.setThreads(Runtime.getRuntime().availableProcessors());
    try (TensorScope scope = new TensorScope()) {
      Tensor both = Tensors.of(sums, d, d + classes);
      Tensor gram = Ops.add(Ops.narrow(both, 1, 0, d), 0);
      LinearAlgebra.addToDiagonal(gram, lambda);
      return new RidgeLeaveOneOut(
          Tensors.doubles(LinearAlgebra.cholesky(gram)),
          Tensors.doubles(Ops.narrow(both, 1, d, classes)),
          ofRows,
          views);
    }
  }

  private static Iterator<double[]> partial(
      Iterator<RowBlock> part, FeatureTransform transform, double[] weights, int views) {
    if (!part.hasNext()) {
      return Collections.emptyIterator();
    }
    NativeTorch.setThreads(TaskContext.get().cpus());
    int d = transform.dimension();
    try (TensorScope scope = new TensorScope()) {
      Tensor sum = Tensors.zeros(Dtype.FLOAT64, ComputeDevice.cpu(), d, d + weights.length);
      while (part.hasNext()) {
        RowBlock block = part.next();
        try (TensorScope inner = new TensorScope()) {
          Tensor roots = RidgeHead.roots(block.labels(), weights, views);
          Tensor own = Ops.mul(transform.apply(block.values()), roots);
          Tensor y = Ops.mul(RidgeHead.targets(block.labels(), weights.length, views), roots);
          Ops.addProductInPlace(sum, Ops.transpose(own, 0, 1), Ops.cat(1, own, y));
        }
      }
      return List.of(Tensors.doubles(sum)).iterator();
    }
  }

  /**
   * Scores of samples that are left out, in the first of their views.
   *
   * @param x transformed features [m · views, d]
   * @param labels of the samples [m]
   * @return [m, C]
   */
  Tensor scores(Tensor x, int[] labels) {
    int d = (int) x.size(1);
    int m = labels.length;
    int classes = weights.length;
    Tensor roots = RidgeHead.roots(labels, weights, views);
    Tensor z = Ops.mul(x, roots);
    Tensor targets = Ops.mul(RidgeHead.targets(labels, classes, views), roots);
    Tensor half =
        Ops.transpose(
            LinearAlgebra.choleskySolve(Tensors.of(lower, d, d), Ops.transpose(z, 0, 1)), 0, 1);
    Tensor residuals = Ops.sub(targets, Ops.matmul(half, Tensors.of(product, d, classes)));
    Tensor hat =
        Ops.batchedMatmul(
            LinearAlgebra.shaped(Ops.add(half, 0), m, views, d),
            Ops.transpose(LinearAlgebra.shaped(z, m, views, d), 1, 2));
    Tensor errors =
        LinearAlgebra.solve(
            LinearAlgebra.identityMinus(hat), LinearAlgebra.shaped(residuals, m, views, classes));
    Tensor all = Ops.sub(LinearAlgebra.shaped(targets, m, views, classes), errors);
    return Ops.div(first(all, m, classes), first(LinearAlgebra.shaped(roots, m, views, 1), m, 1));
  }

  /** Of rows [m, views, n] the first of each sample [m, n]. */
  private static Tensor first(Tensor rows, int m, int n) {
    return LinearAlgebra.shaped(Ops.narrow(rows, 1, 0, 1), m, n);
  }
}
