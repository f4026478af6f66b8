package io.github.lsgspark.lsg;

import io.github.lsgspark.config.LsgSettings;
import java.util.Optional;

/**
 * L_r, with weight cc: the distance of the projections from what the first layer of the branch
 * makes of them (docs/method.md, section 4).
 */
final class RegularizationLoss implements LossTerm<LsgBatch> {
  private final LsgSettings settings;

  RegularizationLoss(LsgSettings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return "reg";
  }

  @Override
  public String title() {
    return "regularization loss";
  }

  @Override
  public double weight(int step) {
    return settings.regularizationWeight();
  }

  @Override
  public Optional<LossValue> value(LsgBatch batch) {
    return Optional.of(
        batch.value(LsgLosses.regularization(batch.projected(), batch.output().hidden())));
  }
}
