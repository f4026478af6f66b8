package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.torch.LinearAlgebra;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.RowOps;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** The cosine to each class's mean. A class whose only sample is left out scores nothing. */
public final class NearestMeanHead implements HeadKind {
  private static final double SHORTEST = 1e-12;

  @Override
  public String label() {
    return "nearest-mean";
  }

  @Override
  public String help() {
    return "the class whose mean is nearest by the cosine";
  }

  @Override
  public Fitted fit(LabelledRows rows, HeadSettings settings) {
    int classes = rows.classes().size();
    int views = rows.views();
    int d = rows.dimension();
    double[] sums =
        rows.sum(
            (x, labels) ->
                Tensors.doubles(
                    Ops.matmul(Ops.transpose(RidgeHead.targets(labels, classes, views), 0, 1), x)));
    List<Candidate> candidates =
        LeaveOneOut.judge(
            rows::sum,
            (x, labels) -> List.of(without(x, labels, Tensors.of(sums, classes, d), views)),
            new double[1],
            rows.classes().samples(),
            settings);
    try (TensorScope scope = new TensorScope()) {
      Tensor means = RowOps.normalizeRows(Tensors.of(sums, classes, d), SHORTEST);
      return new Fitted(
          candidates, candidates.get(0), LinearHead.of(Tensors.doubles(means), classes));
    }
  }

  /** Cosines of samples to the means, of their own class to the mean of the others. */
  private static Tensor without(Tensor x, int[] labels, Tensor sums, int views) {
    int m = labels.length;
    int d = (int) x.size(1);
    Tensor blocks = LinearAlgebra.shaped(x, m, views, d);
    Tensor first = LinearAlgebra.shaped(Ops.narrow(blocks, 1, 0, 1), m, d);
    Tensor own = Ops.sum(blocks, 1, false);
    Tensor indices = LeaveOneOut.labels(labels);
    Tensor others = Ops.sub(Ops.indexSelect(sums, 0, indices), own);
    // What is left of a class of one is rounding, and has no direction.
    Tensor direction = RowOps.normalizeRows(others, 1e-6);
    Tensor scores = Ops.matmul(first, Ops.transpose(RowOps.normalizeRows(sums, SHORTEST), 0, 1));
    LinearAlgebra.setAt(scores, indices, Ops.sum(Ops.mul(first, direction), 1, true));
    return scores;
  }
}
