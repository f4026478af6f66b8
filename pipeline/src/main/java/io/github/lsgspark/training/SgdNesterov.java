package io.github.lsgspark.training;

import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.torch.FlatParameters;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * SGD with Nesterov momentum and dampening 0 on flat parameters, with a learning rate factor per
 * group: g = grad + decay w; v = momentum v + g; w = w - rate (g + momentum v). The penalty of
 * L2-SP may take the place of the decay. Clipping is of grad alone.
 */
final class SgdNesterov implements AutoCloseable {
  private final TrainSettings settings;
  private final FlatParameters parameters;
  private final Tensor velocity;
  private final List<ParameterGroup> groups;
  private final StartingPoint startingPoint;

  /**
   * @param startingPoint null for weight decay
   */
  SgdNesterov(TrainSettings settings, FlatParameters parameters, StartingPoint startingPoint) {
    this.settings = settings;
    this.parameters = parameters;
    this.startingPoint = startingPoint;
    this.groups = ParameterGroup.of(parameters, this::factor);
    try (TensorScope scope = new TensorScope()) {
      velocity = scope.keep(parameters.values().mul(parameters.gradients()).zero_());
    }
  }

  private double factor(String name) {
    if (name.startsWith(Network.CLASSIFIER + ".")) {
      return settings.headMultiplier();
    }
    return name.startsWith(Network.PROJECTOR + ".") ? settings.projectorMultiplier() : 1;
  }

  /** One step with the gradients as they are. */
  void step(double learningRate) {
    try (TensorScope scope = new TensorScope()) {
      Tensor gradients = parameters.gradients();
      if (settings.gradientClip() > 0) {
        double norm = Ops.norm(gradients);
        if (norm > settings.gradientClip()) {
          Ops.mulInPlace(gradients, settings.gradientClip() / norm);
        }
      }
      if (startingPoint == null) {
        Ops.addScaledInPlace(gradients, parameters.values(), settings.weightDecay());
      } else {
        startingPoint.addGradient();
      }
      Ops.mulInPlace(velocity, settings.momentum());
      Ops.addScaledInPlace(velocity, gradients, 1);
      Ops.addScaledInPlace(gradients, velocity, settings.momentum());
      for (ParameterGroup group : groups) {
        Ops.addScaledInPlace(
            group.in(parameters.values()), group.in(gradients), -learningRate * group.factor());
      }
    }
  }

  /** The momentum, at the same places as the values. */
  Tensor velocity() {
    return velocity;
  }

  @Override
  public void close() {
    velocity.close();
  }
}
