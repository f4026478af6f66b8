package io.github.lsgspark.training;

import io.github.lsgspark.torch.FlatParameters;
import io.github.lsgspark.torch.Ops;

/**
 * The gradient of decay/2 ‖w‖² of all trained parameters.
 *
 * @param decay {@code train.weight-decay}
 */
record WeightDecay(FlatParameters parameters, double decay) implements GradientHook {
  @Override
  public void addGradient() {
    Ops.addScaledInPlace(parameters.gradients(), parameters.values(), decay);
  }
}
