package io.github.lsgspark.training;

import io.github.lsgspark.config.TransferSettings;
import io.github.lsgspark.lsg.LossTerm;
import io.github.lsgspark.lsg.LossValue;
import io.github.lsgspark.torch.LinearAlgebra;
import io.github.lsgspark.torch.NeuralOps;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.RowOps;
import io.github.lsgspark.torch.Tensors;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * The contrastive cross entropy of Bi-Tuning (Zhong et al., 2020): the direction of a class in the
 * classifier, its bias included and constant, as in the authors' library, finds the rows of the
 * class among all rows of the batch, by the cosine with their features, a 1 appended. The row
 * itself is the first of its keys and has a gradient, the others are constant; the paper's keys
 * come from a slowly moving copy of the network and from a queue.
 *
 * <p>Of the replica's part of the batch, by its share.
 */
final class BiTuningScores implements LossTerm<LabelledBatch> {
  private final TransferSettings.ContrastSettings settings;

  BiTuningScores(TransferSettings.ContrastSettings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return "bi_scores";
  }

  @Override
  public String title() {
    return "contrast of scores (bi-tuning)";
  }

  @Override
  public double weight(int step) {
    return settings.weight();
  }

  @Override
  public Optional<LossValue> value(LabelledBatch batch) {
    return loss(
            batch.features(),
            batch.network().classifierDirections(),
            batch.labels(),
            batch.targets(),
            settings.temperature())
        .map(loss -> LossValue.ofShare(loss, (double) batch.rows() / batch.globalRows()));
  }

  /**
   * The loss.
   *
   * @param features [b,d]
   * @param directions unit rows [C,d+1]
   * @param targets the labels [b] int64
   */
  static Optional<Tensor> loss(
      Tensor features, Tensor directions, int[] labels, Tensor targets, double temperature) {
    int b = labels.length;
    Tensor ones = Ops.add(Ops.mul(Ops.narrow(features.detach(), 1, 0, 1), 0), 1);
    Tensor unit = RowOps.normalizeRows(Ops.cat(1, features, ones), NeuralOps.LEAST_NORM);
    // Row i: the direction of the class of i with every row of the batch as a key.
    Tensor wanted = Ops.indexSelect(directions, 0, targets);
    Tensor keys = Ops.matmul(wanted, Ops.transpose(unit.detach(), 0, 1));
    Tensor own = LinearAlgebra.shaped(RowOps.rowDots(wanted, unit), b, 1);
    float[] diagonal = new float[b * b];
    for (int i = 0; i < b; i++) {
      diagonal[i * b + i] = 1;
    }
    Tensor identity = Tensors.onto(Tensors.of(diagonal, b, b), Tensors.device(features));
    // The same number at the diagonal, with the gradient of the query.
    Tensor open = Ops.mul(identity, Ops.sub(own, own.detach()));
    return Contrast.ofRows(Ops.div(Ops.add(keys, open), temperature), labels, true);
  }
}
