package io.github.lsgspark.jobs.checks;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.training.Tuning;
import io.github.lsgspark.training.engine.ExchangeProvider;

/**
 * Whether the module of the engine that trains is there, and whether the network sees such samples
 * and has the layers that are to be frozen or tuned.
 */
final class EngineCheck implements Check {
  @Override
  public void run(Plan plan, Findings findings) {
    for (Planned planned : plan.planned()) {
      if (planned.makes().contains(Part.TRAIN)) {
        findings.look(
            "train.engine", () -> ExchangeProvider.of(planned.settings().train().engine()));
        findings.look("train.backbone", () -> network(plan, planned));
      }
    }
  }

  private static void network(Plan plan, Planned planned) {
    PlannedNetwork.of(plan, planned.settings())
        .ifPresent(
            network -> {
              try (Backbone backbone = network) {
                var unused = Tuning.of(planned.settings().train(), backbone);
              }
            });
  }
}
