package io.github.lsgspark.jobs.checks;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.TrainSettings.Start;
import io.github.lsgspark.training.Tuning;
import io.github.lsgspark.training.engine.ExchangeProvider;
import java.util.List;

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
                Settings settings = planned.settings();
                var unused = Tuning.of(settings.train(), backbone, seen(settings));
              }
            });
  }

  /**
   * The layers that a training from the head is known to see, of which leave-one-out may take
   * fewer; empty: the network's own features, or not known.
   */
  private static List<String> seen(Settings settings) {
    if (settings.train().start() == Start.RANDOM) {
      return List.of();
    }
    HeadSettings head = settings.head();
    return head.choosesLayers() ? settings.features().layers() : head.layers();
  }
}
