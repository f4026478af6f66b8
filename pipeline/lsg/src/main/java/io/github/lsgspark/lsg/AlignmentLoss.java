package io.github.lsgspark.lsg;

import io.github.lsgspark.config.LsgSettings;
import io.github.lsgspark.torch.Ops;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * L_align, with weight cg: the cross entropy of the branch's scores of the image nodes against
 * their labels (docs/method.md, section 4).
 */
final class AlignmentLoss implements LossTerm<LsgBatch> {
  private final LsgSettings settings;

  AlignmentLoss(LsgSettings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return "align";
  }

  @Override
  public String title() {
    return "alignment loss";
  }

  @Override
  public double weight(int step) {
    return settings.alignWeight();
  }

  @Override
  public Optional<LossValue> value(LsgBatch batch) {
    Tensor scores =
        settings.alignLogits() == LsgSettings.AlignLogits.DOT
            ? batch.output().logits()
            : batch.cosines();
    double temperature = settings.alignTemperature();
    return Optional.of(
        batch.value(
            LsgLosses.align(
                temperature == 1 ? scores : Ops.div(scores, temperature), batch.targets())));
  }
}
