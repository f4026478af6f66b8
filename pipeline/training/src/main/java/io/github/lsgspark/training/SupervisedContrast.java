package io.github.lsgspark.training;

import io.github.lsgspark.config.TransferSettings;
import io.github.lsgspark.lsg.LossTerm;
import io.github.lsgspark.lsg.LossValue;
import io.github.lsgspark.torch.NeuralOps;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.RowOps;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * The supervised contrastive loss (Khosla et al., "Supervised Contrastive Learning", NeurIPS 2020,
 * equation 2, L_out): projections z at unit length; for each row the mean over the other rows p of
 * its class of -log of exp(z·z_p / τ) over the sum of exp(z·z_a / τ) of all other rows a. Rows
 * whose class no other row has take no part as anchors. It stands beside the cross entropy here;
 * the paper trains the classifier after it.
 *
 * <p>Of the replica's part of the batch, by its share.
 */
final class SupervisedContrast implements LossTerm<LabelledBatch> {
  private final TransferSettings.ContrastSettings settings;

  SupervisedContrast(TransferSettings.ContrastSettings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return "sup_con";
  }

  @Override
  public String title() {
    return "supervised contrast";
  }

  @Override
  public double weight(int step) {
    return settings.weight();
  }

  @Override
  public Optional<LossValue> value(LabelledBatch batch) {
    return loss(batch.projected(), batch.labels(), settings.temperature())
        .map(loss -> LossValue.ofShare(loss, (double) batch.rows() / batch.globalRows()));
  }

  /**
   * The loss; empty if no class has two rows.
   *
   * @param projected [b,D], of any length
   */
  static Optional<Tensor> loss(Tensor projected, int[] labels, double temperature) {
    Tensor z = RowOps.normalizeRows(projected, NeuralOps.LEAST_NORM);
    Tensor similarities = Ops.div(Ops.matmul(z, Ops.transpose(z, 0, 1)), temperature);
    return Contrast.ofRows(similarities, labels, false);
  }
}
