package io.github.lsgspark.training;

import io.github.lsgspark.config.TransferSettings;
import io.github.lsgspark.lsg.LossTerm;
import io.github.lsgspark.lsg.LossValue;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.Tensors;
import java.util.Optional;

/**
 * The mean cross entropy of a second classifier, which sees the projections: what a projector does
 * without a graph. That classifier is no part of the model.
 */
final class ProjectedCrossEntropy implements LossTerm<LabelledBatch> {
  private final TransferSettings.ProjectedSettings settings;

  ProjectedCrossEntropy(TransferSettings.ProjectedSettings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return "projected_ce";
  }

  @Override
  public String title() {
    return "cross entropy of the projections";
  }

  @Override
  public double weight(int step) {
    return settings.weight();
  }

  @Override
  public Optional<LossValue> value(LabelledBatch batch) {
    return Optional.of(
        LossValue.ofRows(
            Ops.crossEntropy(
                Tensors.to(batch.network().classifyProjected(batch.projected()), Dtype.FLOAT32),
                batch.targets(),
                0),
            batch.rows(),
            batch.globalRows()));
  }
}
