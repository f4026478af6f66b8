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
 * The categorical contrast of Bi-Tuning (Zhong et al., "Bi-tuning of Pre-trained Representations",
 * 2020): a projection as query finds the keys of its class among all, keys being constant. The
 * paper's keys come from a slowly moving copy of the network and from a queue; here they are the
 * other rows of the batch, by the network itself.
 *
 * <p>Of the replica's part of the batch, by its share.
 */
final class BiTuningProjections implements LossTerm<LabelledBatch> {
  private final TransferSettings.ContrastSettings settings;

  BiTuningProjections(TransferSettings.ContrastSettings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return "bi_projections";
  }

  @Override
  public String title() {
    return "contrast of projections (bi-tuning)";
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
    Tensor queries = RowOps.normalizeRows(projected, NeuralOps.LEAST_NORM);
    Tensor keys = queries.detach();
    Tensor similarities = Ops.div(Ops.matmul(queries, Ops.transpose(keys, 0, 1)), temperature);
    return Contrast.ofRows(similarities, labels, false);
  }
}
