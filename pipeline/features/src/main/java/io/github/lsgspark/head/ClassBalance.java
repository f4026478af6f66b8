package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.torch.Tensors;
import java.io.Serializable;
import org.bytedeco.pytorch.Tensor;

/**
 * Weights of rows by their classes; their mean is 1.
 *
 * @param weights [C]
 */
record ClassBalance(double[] weights) implements Serializable {

  /** Of classes of these many rows, none of which may be empty. */
  static ClassBalance of(HeadSettings.ClassWeights kind, long[] rows) {
    double[] weights = new double[rows.length];
    double total = 0;
    for (long count : rows) {
      total += count;
    }
    for (int c = 0; c < rows.length; c++) {
      weights[c] = kind == HeadSettings.ClassWeights.BALANCED ? total / rows.length / rows[c] : 1;
    }
    return new ClassBalance(weights);
  }

  /** [n,1], the square roots of the weights of a block's rows. */
  Tensor roots(Block block) {
    double[] roots = new double[block.count()];
    for (int row = 0; row < roots.length; row++) {
      roots[row] = Math.sqrt(weights[block.labels()[row]]);
    }
    return Tensors.of(roots, roots.length, 1);
  }
}
