package io.github.lsgspark.training;

import io.github.lsgspark.torch.FlatParameters;
import io.github.lsgspark.torch.ModeGuard;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import org.bytedeco.pytorch.Tensor;

/**
 * An exponential moving average of the trained parameters (Polyak and Juditsky, 1992, in the form
 * that FixMatch evaluates): a ← d a + (1 − d) w after every step, where d begins at 1/10 and grows
 * with (1 + t)/(10 + t) up to the decay, so that a short training forgets its start. Running
 * statistics of batch normalisation are averages already and are left as they are.
 */
final class ModelEma implements TrainerListener, AutoCloseable {
  private final FlatParameters parameters;
  private final double decay;
  private final Tensor average;

  /**
   * Begins with the present values.
   *
   * @param decay 0 to 1
   */
  ModelEma(FlatParameters parameters, double decay) {
    this.parameters = parameters;
    this.decay = decay;
    try (TensorScope scope = new TensorScope()) {
      average = scope.keep(parameters.values().clone());
    }
  }

  /** Takes the weights after a step, of which there were {@code taken} before. */
  @Override
  public void updated(int taken) {
    double present = Math.min(decay, (1.0 + taken) / (10.0 + taken));
    Ops.mulInPlace(average, present);
    Ops.addScaledInPlace(average, parameters.values(), 1 - present);
  }

  /** The average at the parameters' places, until closed. */
  ModeGuard inUse() {
    Tensor present;
    try (TensorScope scope = new TensorScope()) {
      present = scope.keep(parameters.values().clone());
    }
    copy(average);
    return () -> {
      copy(present);
      present.close();
    };
  }

  private void copy(Tensor values) {
    try (TensorScope scope = new TensorScope()) {
      parameters.values().copy_(values);
    }
  }

  /** The average, at the same places as the values. */
  Tensor values() {
    return average;
  }

  @Override
  public void close() {
    average.close();
  }
}
