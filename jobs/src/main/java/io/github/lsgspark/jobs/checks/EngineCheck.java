package io.github.lsgspark.jobs.checks;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.backbone.Backbones;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.dataset.InputSpec;
import io.github.lsgspark.training.engine.ExchangeProvider;

/**
 * Whether the module of the engine that trains is there, and whether the network sees such samples
 * and has the layers that are to be frozen.
 */
final class EngineCheck implements Check {
  @Override
  public void run(Plan plan, Findings findings) {
    for (Planned planned : plan.planned()) {
      if (planned.makes().contains(Part.TRAIN)) {
        findings.look(
            "train.engine", () -> ExchangeProvider.of(planned.settings().train().engine()));
        findings.look("train.backbone", () -> network(planned));
      }
    }
  }

  /** A module of the user's tells its layers only when it is run. */
  private static void network(Planned planned) {
    TrainSettings train = planned.settings().train();
    if (!Backbones.TORCHSCRIPT.equals(train.backbone())) {
      long[] views = InputSpec.of(planned.settings(), TrainSettings.Normalization.IMAGENET).shape();
      try (Backbone backbone = Backbones.of(train.backbone(), "", views)) {
        var unused = Backbones.frozen(backbone, train.freeze());
      }
    }
  }
}
