package io.github.lsgspark.head;

import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.bytedeco.pytorch.Tensor;

/**
 * A temperature for a head that unlabelled samples took part in: nothing is left that it was not
 * fitted to, so it is made as sure of the pool as the head of the labelled samples is, whose own
 * temperature leave-one-out has found.
 */
final class Confidence {
  private static final double SMALLEST = 1e-3;
  private static final double STEP = 1.25;
  private static final int COUNT = 40;
  private static final int DEPTH = 2;

  private Confidence() {}

  /**
   * The temperature of {@code after} at which the mean largest probability is that of {@code
   * before}.
   */
  static double temperature(
      JavaRDD<PoolRows> pool, LinearHead before, double temperature, LinearHead after) {
    double[] tried =
        IntStream.range(0, COUNT).mapToDouble(i -> SMALLEST * Math.pow(STEP, i)).toArray();
    double[] sums =
        pool.map(
                rows -> {
                  double[] own = new double[1 + COUNT];
                  own[0] = largest(rows, before, temperature);
                  for (int i = 0; i < COUNT; i++) {
                    own[1 + i] = largest(rows, after, tried[i]);
                  }
                  return own;
                })
            .treeReduce(Sums::added, DEPTH);
    // The largest probability falls as the temperature grows.
    int i = 0;
    while (i < COUNT - 1 && sums[1 + i] > sums[0]) {
      i++;
    }
    if (i == 0 || sums[i] <= sums[1 + i]) {
      return tried[i];
    }
    double share = Math.min(1, (sums[i] - sums[0]) / (sums[i] - sums[1 + i]));
    return tried[i - 1] * Math.pow(STEP, share);
  }

  private static double largest(PoolRows rows, LinearHead head, double temperature) {
    try (TensorScope scope = new TensorScope()) {
      Tensor scores = rows.scoreTensor(head);
      return Tensors.item(Ops.sum(Ops.largest(Ops.softmax(Ops.div(scores, temperature), 1), 1)));
    }
  }
}
