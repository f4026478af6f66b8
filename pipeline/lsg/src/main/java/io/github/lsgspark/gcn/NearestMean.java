package io.github.lsgspark.gcn;

import io.github.lsgspark.graph.TextGraph;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.RowOps;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import org.bytedeco.pytorch.Tensor;

/**
 * What can be told without a graph and without training: each held-out prompt is of the class whose
 * training prompts have the most similar mean. A GCN that is not better has learned nothing.
 */
final class NearestMean {
  private static final double EPSILON = GcnConstants.EPSILON;

  /** Cosines of one block. */
  private static final long BLOCK = 1L << 22;

  private NearestMean() {}

  /** Share of the held-out nodes whose nearest mean is that of their class. */
  static double accuracy(TextGraph training, TextGraph heldout) {
    int d = training.dimension();
    try (TensorScope scope = new TensorScope()) {
      Tensor means =
          RowOps.normalizeRows(
              Ops.mean(
                  RowOps.normalizeRows(
                          Tensors.of(training.embeddings(), training.nodes(), d), EPSILON)
                      .view(training.classes(), training.prompts(), d),
                  1,
                  false),
              EPSILON);
      Tensor asked = Tensors.of(heldout.embeddings(), heldout.nodes(), d);
      int rows = (int) Math.max(1, BLOCK / training.classes());
      long hits = 0;
      for (int start = 0; start < heldout.nodes(); start += rows) {
        int count = Math.min(rows, heldout.nodes() - start);
        try (TensorScope inner = new TensorScope()) {
          long[] nearest =
              Tensors.longs(
                  Ops.argmax(
                      Ops.matmul(Ops.narrow(asked, 0, start, count), Ops.transpose(means, 0, 1)),
                      1));
          for (int i = 0; i < count; i++) {
            hits += nearest[i] == (start + i) / heldout.prompts() ? 1 : 0;
          }
        }
      }
      return (double) hits / heldout.nodes();
    }
  }
}
