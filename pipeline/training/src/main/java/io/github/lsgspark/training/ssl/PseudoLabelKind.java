package io.github.lsgspark.training.ssl;

/** All labels of a pass, from which each batch takes its own, as the reference does. */
public final class PseudoLabelKind implements StrategyKind {

  @Override
  public String label() {
    return "pseudo-label";
  }

  @Override
  public String help() {
    return "all labels of a pass over the samples, renewed after each use (Lee 2013)";
  }

  @Override
  public boolean classifiesBesideLsg() {
    return false;
  }

  @Override
  public PseudoLabelling open(StrategyContext context) {
    int images = context.settings().train().globalBatch() * context.batchRatio();
    return context.passes(
        Renewals.afterEachPass(
            context.settings().ssl().warmupSteps(), context.unlabelled() / images));
  }
}
