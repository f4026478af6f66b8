package io.github.lsgspark.gcn;

import io.github.lsgspark.config.GcnSettings;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Changes the two weight matrices by their gradients: SGD with Nesterov momentum and dampening 0,
 * as the reference, or Adam (Kingma and Ba 2015).
 */
final class GcnOptimizer implements AutoCloseable {
  private static final double SECOND_DECAY = 0.999;
  private static final double EPSILON = 1e-8;

  private final GcnSettings.Optimizer kind;
  private final double learningRate;
  private final double momentum;
  private final double weightDecay;
  private final List<State> states = List.of(new State(), new State());

  GcnOptimizer(GcnPlan plan) {
    this(plan.optimizer(), plan.learningRate(), plan.momentum(), plan.weightDecay());
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
      nesterov(weight, gradient, states.get(number));
    } else {
      adam(weight, gradient, states.get(number));
    }
  }

  /** What is remembered of the gradients of one matrix. */
  private static final class State {
    private Tensor velocity;
    private Tensor square;
    private int steps;
  }

  private void nesterov(Tensor weight, Tensor gradient, State state) {
    if (state.velocity == null) {
      state.velocity = TensorScope.detached(gradient.clone());
    } else {
      Ops.mulInPlace(state.velocity, momentum);
      Ops.addScaledInPlace(state.velocity, gradient, 1);
    }
    Ops.addScaledInPlace(gradient, state.velocity, momentum);
    Ops.addScaledInPlace(weight, gradient, -learningRate);
  }

  private void adam(Tensor weight, Tensor gradient, State state) {
    if (state.velocity == null) {
      state.velocity = TensorScope.detached(Ops.mul(gradient, 0));
      state.square = TensorScope.detached(Ops.mul(gradient, 0));
    }
    state.steps++;
    Ops.mulInPlace(state.velocity, momentum);
    Ops.addScaledInPlace(state.velocity, gradient, 1 - momentum);
    Ops.mulInPlace(state.square, SECOND_DECAY);
    Ops.addMultipliedInPlace(state.square, gradient, gradient, 1 - SECOND_DECAY);
    double rate = learningRate / (1 - Math.pow(momentum, state.steps));
    Tensor size = Ops.pow(Ops.div(state.square, 1 - Math.pow(SECOND_DECAY, state.steps)), 0.5);
    Ops.addScaledInPlace(weight, Ops.div(state.velocity, Ops.add(size, EPSILON)), -rate);
  }

  @Override
  public void close() {
    for (State state : states) {
      if (state.velocity != null) {
        state.velocity.close();
      }
      if (state.square != null) {
        state.square.close();
      }
    }
  }
}
