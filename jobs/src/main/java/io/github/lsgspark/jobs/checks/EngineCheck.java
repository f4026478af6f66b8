package io.github.lsgspark.jobs.checks;

import io.github.lsgspark.training.engine.ExchangeProvider;

/** Whether the module of the engine that trains is there. */
final class EngineCheck implements Check {
  @Override
  public void run(Plan plan, Findings findings) {
    for (Planned planned : plan.planned()) {
      if (planned.makes().contains(Part.TRAIN)) {
        findings.look(
            "train.engine", () -> ExchangeProvider.of(planned.settings().train().engine()));
      }
    }
  }
}
