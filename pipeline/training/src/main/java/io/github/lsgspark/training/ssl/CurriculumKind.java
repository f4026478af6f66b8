package io.github.lsgspark.training.ssl;

import io.github.lsgspark.config.SslSettings;
import io.github.lsgspark.config.TrainSettings.Views;

/** Curriculum labeling: the most confident of each class, more of them from round to round. */
public final class CurriculumKind implements StrategyKind {

  @Override
  public String label() {
    return "curriculum";
  }

  @Override
  public String help() {
    return "the most confident of each class, more from round to round (Cascante-Bonilla 2021)";
  }

  @Override
  public Views views() {
    return Views.STRONG;
  }

  @Override
  public int batchRatio() {
    return 4;
  }

  @Override
  public PseudoLabelling open(StrategyContext context) {
    SslSettings ssl = context.settings().ssl();
    return context.confidentPasses(
        Renewals.inRounds(
            ssl.warmupSteps(),
            context.iterations(),
            ssl.curriculum().rounds(),
            ssl.curriculum().finalShare()));
  }
}
