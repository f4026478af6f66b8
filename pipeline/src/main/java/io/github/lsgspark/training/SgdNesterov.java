package io.github.lsgspark.training;

import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.torch.FlatParameters;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * SGD with Nesterov momentum and dampening 0 on flat parameters, with a learning rate factor per
 * group: g = grad + decay w; v = momentum v + g; w = w - rate (g + momentum v).
 */
final class SgdNesterov implements AutoCloseable {
  private final TrainSettings settings;
  private final FlatParameters parameters;
  private final Tensor velocity;
  private final List<Group> groups = new ArrayList<>();

  /** Neighbouring parameters with one learning rate factor. */
  private record Group(long start, long length, double factor) {}

  SgdNesterov(TrainSettings settings, FlatParameters parameters) {
    this.settings = settings;
    this.parameters = parameters;
    try (TensorScope scope = new TensorScope()) {
      velocity = scope.keep(parameters.values().mul(parameters.gradients()).zero_());
    }
    for (String name : parameters.names()) {
      add(new Group(parameters.offset(name), parameters.size(name), factor(name)));
    }
  }

  private double factor(String name) {
    if (name.startsWith(Network.CLASSIFIER + ".")) {
      return settings.headMultiplier();
    }
    return name.startsWith(Network.PROJECTOR + ".") ? settings.projectorMultiplier() : 1;
  }

  private void add(Group next) {
    int last = groups.size() - 1;
    if (last >= 0 && groups.get(last).factor() == next.factor()) {
      Group merged = groups.get(last);
      groups.set(last, new Group(merged.start(), merged.length() + next.length(), next.factor()));
    } else {
      groups.add(next);
    }
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
      Ops.addScaledInPlace(gradients, parameters.values(), settings.weightDecay());
      Ops.mulInPlace(velocity, settings.momentum());
      Ops.addScaledInPlace(velocity, gradients, 1);
      Ops.addScaledInPlace(gradients, velocity, settings.momentum());
      for (Group group : groups) {
        Ops.addScaledInPlace(
            Ops.narrow(parameters.values(), 0, group.start(), group.length()),
            Ops.narrow(gradients, 0, group.start(), group.length()),
            -learningRate * group.factor());
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
