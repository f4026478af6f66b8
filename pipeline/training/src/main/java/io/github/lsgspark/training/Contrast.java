package io.github.lsgspark.training;

import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.LinearAlgebra;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.Tensors;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/** Contrasts of the rows of a batch: how likely a row finds those of its class among all. */
final class Contrast {
  /** Of a similarity that is not to count in a softmax. */
  private static final float NEVER = -1e9f;

  private Contrast() {}

  /**
   * The mean over rows i, of those that have positives, of -1/|P(i)| Σ over p in P(i) of log of the
   * softmax over j of s[i,j] at p, with P(i) the other rows of the class of i.
   *
   * @param similarities s [b,b], divided by the temperature
   * @param labels of the rows [b]
   * @param withOwn whether row i itself is among the positives and the j, as first key; otherwise
   *     it is in neither
   * @return empty if no row has a positive
   */
  static Optional<Tensor> ofRows(Tensor similarities, int[] labels, boolean withOwn) {
    int b = labels.length;
    float[] weights = new float[b * b];
    float[] masked = new float[b * b];
    int anchors = 0;
    for (int i = 0; i < b; i++) {
      int positives = 0;
      for (int j = 0; j < b; j++) {
        positives += counts(labels, i, j, withOwn) ? 1 : 0;
      }
      if (!withOwn) {
        masked[i * b + i] = NEVER;
      }
      if (positives > 0) {
        anchors++;
        for (int j = 0; j < b; j++) {
          weights[i * b + j] = counts(labels, i, j, withOwn) ? 1f / positives : 0;
        }
      }
    }
    if (anchors == 0) {
      return Optional.empty();
    }
    Tensor s = Ops.add(similarities, like(masked, similarities, b));
    Tensor all = LinearAlgebra.shaped(LinearAlgebra.logSumExp(s), b, 1);
    Tensor logarithms = Ops.sub(s, all);
    Tensor sum = Ops.sum(Ops.mul(logarithms, like(weights, similarities, b)));
    return Optional.of(Ops.mul(sum, -1.0 / anchors));
  }

  private static boolean counts(int[] labels, int i, int j, boolean withOwn) {
    return labels[i] == labels[j] && (withOwn || i != j);
  }

  private static Tensor like(float[] values, Tensor rows, int b) {
    return Tensors.to(Tensors.of(values, b, b), Dtype.FLOAT32, Tensors.device(rows));
  }
}
