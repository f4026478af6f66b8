package io.github.lsgspark.head;

import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.bytedeco.pytorch.Tensor;

/**
 * Scales probabilities so that rows sum to 1 and columns to given shares of the rows (Sinkhorn and
 * Knopp 1967; as in Asano et al. 2020).
 *
 * <p>A sweep is one job: with a logarithm v_c of each column's scale, rows are softmax(L / t + v),
 * their column sums come to the driver, and v_c grows by log(n share_c / sum_c). The driver holds 2
 * C numbers.
 */
final class Sinkhorn {
  private static final int DEPTH = 2;

  /** Scales of columns whose class has no share: as good as nothing. */
  private static final double NEVER = -1e9;

  private Sinkhorn() {}

  /**
   * The logarithms of the columns' scales after all sweeps [C].
   *
   * @param scores row-major blocks [m, C], minus infinity for what must stay 0
   * @param temperature t
   * @param shares of the classes [C], which sum to 1
   */
  static double[] columns(
      JavaRDD<float[]> scores, double temperature, double[] shares, int sweeps) {
    int classes = shares.length;
    double[] columns = Arrays.stream(shares).map(share -> share > 0 ? 0 : NEVER).toArray();
    for (int sweep = 0; sweep < sweeps; sweep++) {
      double[] now = columns.clone();
      double[] sums =
          scores
              .mapPartitions(part -> columnSums(part, temperature, now))
              .treeReduce(Sums::added, DEPTH);
      double n = Arrays.stream(sums).sum();
      for (int c = 0; c < classes; c++) {
        if (shares[c] > 0) {
          columns[c] += Math.log(n * shares[c]) - Math.log(Math.max(sums[c], Double.MIN_NORMAL));
        }
      }
    }
    return columns;
  }

  private static Iterator<double[]> columnSums(
      Iterator<float[]> part, double temperature, double[] columns) {
    NativeTorch.setThreads(TaskContext.get().cpus());
    double[] sums = null;
    while (part.hasNext()) {
      try (TensorScope scope = new TensorScope()) {
        Tensor sum = Ops.sum(balanced(part.next(), temperature, columns), 0, false);
        double[] own = Tensors.doubles(sum);
        sums = sums == null ? own : Sums.added(sums, own);
      }
    }
    return sums == null ? Collections.emptyIterator() : List.of(sums).iterator();
  }

  /** Rows of probabilities [m, C], in double. */
  static Tensor balanced(float[] scores, double temperature, double[] columns) {
    int classes = columns.length;
    Tensor own = Tensors.to(Tensors.of(scores, scores.length / classes, classes), Dtype.FLOAT64);
    return Ops.softmax(Ops.add(Ops.div(own, temperature), Tensors.of(columns, 1, classes)), 1);
  }
}
