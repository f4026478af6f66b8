package io.github.lsgspark.gcn;

import io.github.lsgspark.config.GcnSettings;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Changes the two weight matrices by their gradients: SGD with Nesterov momentum and dampening 0,
 * as the reference, or Adam (Kingma and Ba 2015).
 */
final class GcnOptimizer implements AutoCloseable {
  private static final int WEIGHTS = 2;
  private static final double SECOND_DECAY = 0.999;
  private static final double EPSILON = 1e-8;

  private final GcnSettings.Optimizer kind;
  private final double learningRate;
  private final double momentum;
  private final double weightDecay;
  private final Tensor[] velocities = new Tensor[WEIGHTS];
  private final Tensor[] squares = new Tensor[WEIGHTS];
  private final int[] steps = new int[WEIGHTS];

  GcnOptimizer(GcnSettings settings) {
    this(
        settings.optimizer(), settings.learningRate(), settings.momentum(), settings.weightDecay());
  }

  /**
   * @param momentum of Adam: the decay of the mean gradient
   * @param weightDecay added to the gradients as weightDecay * w
   */
  GcnOptimizer(
      GcnSettings.Optimizer kind, double learningRate, double momentum, double weightDecay) {
    this.kind = kind;
    this.learningRate = learningRate;
    this.momentum = momentum;
    this.weightDecay = weightDecay;
  }

  /**
   * @param gradient is used up
   * @param number 0 for W1, 1 for W2
   */
  void step(Tensor weight, Tensor gradient, int number) {
    Ops.addScaledInPlace(gradient, weight, weightDecay);
    if (kind == GcnSettings.Optimizer.SGD) {
      nesterov(weight, gradient, number);
    } else {
      adam(weight, gradient, number);
    }
  }

  private void nesterov(Tensor weight, Tensor gradient, int number) {
    if (velocities[number] == null) {
      velocities[number] = TensorScope.detached(gradient.clone());
    } else {
      Ops.mulInPlace(velocities[number], momentum);
      Ops.addScaledInPlace(velocities[number], gradient, 1);
    }
    Ops.addScaledInPlace(gradient, velocities[number], momentum);
    Ops.addScaledInPlace(weight, gradient, -learningRate);
  }

  private void adam(Tensor weight, Tensor gradient, int number) {
    if (velocities[number] == null) {
      velocities[number] = TensorScope.detached(Ops.mul(gradient, 0));
      squares[number] = TensorScope.detached(Ops.mul(gradient, 0));
    }
    int step = ++steps[number];
    Ops.mulInPlace(velocities[number], momentum);
    Ops.addScaledInPlace(velocities[number], gradient, 1 - momentum);
    Ops.mulInPlace(squares[number], SECOND_DECAY);
    Ops.addMultipliedInPlace(squares[number], gradient, gradient, 1 - SECOND_DECAY);
    double rate = learningRate / (1 - Math.pow(momentum, step));
    Tensor size = Ops.pow(Ops.div(squares[number], 1 - Math.pow(SECOND_DECAY, step)), 0.5);
    Ops.addScaledInPlace(weight, Ops.div(velocities[number], Ops.add(size, EPSILON)), -rate);
  }

  @Override
  public void close() {
    for (int number = 0; number < WEIGHTS; number++) {
      if (velocities[number] != null) {
        velocities[number].close();
      }
      if (squares[number] != null) {
        squares[number].close();
      }
    }
  }
}
