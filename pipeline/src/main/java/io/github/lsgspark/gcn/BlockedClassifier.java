package io.github.lsgspark.gcn;

import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import org.bytedeco.pytorch.Tensor;

/**
 * The second layer for so many classes that N x C logits do not fit in memory: r = Ahat (h W2) =
 * (Ahat h) W2, so that, with Ahat h at hand, every row has its logits for itself, and rows are
 * taken a block at a time.
 *
 * @param second W2 [D,C]
 * @param rows rows of one block
 */
record BlockedClassifier(Tensor second, int rows) {

  /** Mean cross entropy of the unit-length logits, and the share of rows whose largest is right. */
  record Score(double loss, double accuracy) {}

  /**
   * Forward only.
   *
   * @param input Ahat h [N,D]
   */
  Score evaluate(Tensor input, GcnGraph graph) {
    return run(input, graph, null, null);
  }

  /**
   * Forward and backward.
   *
   * @param atInput receives dL/d(Ahat h) [N,D]
   * @param atWeight receives dL/dW2 [D,C]
   */
  Score differentiate(Tensor input, GcnGraph graph, Tensor atInput, Tensor atWeight) {
    Ops.fillInPlace(atWeight, 0);
    return run(input, graph, atInput, atWeight);
  }

  private Score run(Tensor input, GcnGraph graph, Tensor atInput, Tensor atWeight) {
    double loss = 0;
    double hits = 0;
    for (int start = 0; start < graph.nodes(); start += rows) {
      int count = Math.min(rows, graph.nodes() - start);
      try (TensorScope scope = new TensorScope()) {
        Tensor block = Ops.narrow(input, 0, start, count);
        Tensor labels = Ops.narrow(graph.labels(), 0, start, count);
        UnitLogits logits = UnitLogits.of(Ops.matmul(block, second));
        loss += logits.loss(labels) * count;
        hits += logits.hits(labels);
        if (atInput != null) {
          Tensor atRaw =
              logits.gradient(
                  labels, Ops.narrow(graph.minusOnes(), 0, start, count), graph.nodes());
          Ops.addScaledInPlace(atWeight, Ops.matmul(block.t(), atRaw), 1);
          Ops.matmulInto(Ops.narrow(atInput, 0, start, count), atRaw, second.t());
        }
      }
    }
    return new Score(loss / graph.nodes(), hits / graph.nodes());
  }

  /**
   * Rows of logits scaled to unit length, y = r / max(|r|, 1e-12).
   *
   * @param values y [n,C]
   * @param length max(|r|, 1e-12) [n,1]
   */
  record UnitLogits(Tensor values, Tensor length) {
    private static final double EPSILON = 1e-12;

    static UnitLogits of(Tensor raw) {
      Tensor length = Ops.clampMin(Ops.rowNorms(raw), EPSILON);
      return new UnitLogits(Ops.div(raw, length), length);
    }

    /** Mean cross entropy. */
    double loss(Tensor labels) {
      return Tensors.item(Ops.crossEntropy(values, labels, 0));
    }

    /** How many rows have their largest value at their label. */
    double hits(Tensor labels) {
      return Tensors.item(Ops.argmax(values, 1).eq(labels).sum());
    }

    /**
     * Gradient of the mean cross entropy over {@code total} rows with respect to r.
     *
     * @param minusOnes [n,1]
     */
    Tensor gradient(Tensor labels, Tensor minusOnes, int total) {
      Tensor difference = Ops.softmax(values, 1);
      difference.scatter_add_(1, labels.unsqueeze(1), minusOnes);
      Ops.mulInPlace(difference, 1.0 / total);
      Tensor along = Ops.sum(Ops.mul(difference, values), 1, true);
      return Ops.div(Ops.sub(difference, Ops.mul(values, along)), length);
    }
  }
}
