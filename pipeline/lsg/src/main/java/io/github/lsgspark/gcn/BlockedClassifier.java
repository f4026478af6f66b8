package io.github.lsgspark.gcn;

import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.RowOps;
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
        hits += logits.hits(labels);
        if (atInput == null) {
          loss += logits.loss(labels) * count;
        } else {
          UnitLogits.Gradient gradient = logits.gradient(labels, graph.nodes());
          loss += gradient.loss();
          Ops.addProductInPlace(atWeight, block.t(), gradient.atRaw());
          Ops.matmulInto(Ops.narrow(atInput, 0, start, count), gradient.atRaw(), second.t());
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
    private static final double EPSILON = GcnConstants.EPSILON;

    /** Scales {@code raw} in place. */
    static UnitLogits of(Tensor raw) {
      Tensor length = Ops.clampMin(RowOps.rowNorms(raw), EPSILON);
      return new UnitLogits(raw.div_(length), length);
    }

    /** Mean cross entropy. */
    double loss(Tensor labels) {
      return Tensors.item(Ops.crossEntropy(values, labels, 0));
    }

    /** How many rows have their largest value at their label. */
    double hits(Tensor labels) {
      return Tensors.item(atLabel(values, labels).ge(Ops.largest(values, 1)).sum());
    }

    private static Tensor atLabel(Tensor rows, Tensor labels) {
      return rows.gather(1, labels.unsqueeze(1));
    }

    /**
     * Of the cross entropy.
     *
     * @param loss sum over the rows
     * @param atRaw gradient with respect to r of the sum divided by {@code total} [n,C]
     */
    record Gradient(double loss, Tensor atRaw) {}

    /**
     * With p = softmax(y), one at the label taken off: (p - y (p y)) / (total |r|). A row's logits
     * are many and memory is slow, so every step works in place.
     */
    Gradient gradient(Tensor labels, int total) {
      Tensor p = Ops.softmax(values, 1);
      Tensor loss = atLabel(p, labels).log().sum();
      RowOps.subtractOneAt(p, labels);
      Ops.addMultipliedInPlace(p, values, RowOps.rowDots(p, values), -1);
      RowOps.mulRowsInPlace(p, Ops.mul(length, total).reciprocal());
      return new Gradient(-Tensors.item(loss), p);
    }
  }
}
