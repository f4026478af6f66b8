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
final class SgdNesterov implements Optimizer {
  private final Rates rates;
  private final FlatParameters parameters;
  private final Tensor velocity;
  private final List<ParameterGroup> groups;
  private final GradientHook regularizer;

  /**
   * Factors of a step.
   *
   * @param gradientClip largest norm of the gradient; 0: none
   * @param head factor of the learning rate for classifiers
   * @param projector factor of the learning rate for the projector
   * @param layers factor of the learning rate for the backbone's parameters
   */
  record Rates(
      double momentum, double gradientClip, double head, double projector, LayerRates layers) {
    static Rates of(TrainSettings settings, LayerRates layers) {
      return new Rates(
          settings.momentum(),
          settings.gradientClip(),
          settings.headFactor(),
          settings.projectorMultiplier(),
          layers);
    }
  }

  /**
   * @param regularizer in the place of weight decay; not closed here
   */
  SgdNesterov(Rates rates, FlatParameters parameters, GradientHook regularizer) {
    this.rates = rates;
    this.parameters = parameters;
    this.regularizer = regularizer;
    this.groups = groups(rates, parameters);
    this.velocity = noVelocity(parameters);
  }

  /** Parameters by the factor of their learning rate. */
  static List<ParameterGroup> groups(Rates rates, FlatParameters parameters) {
    return ParameterGroup.of(
        parameters,
        name -> {
          if (Network.isClassifier(name)) {
            return rates.head();
          }
          return name.startsWith(Network.PROJECTOR + ".")
              ? rates.projector()
              : rates.layers().of(name);
        });
  }

  /** Zeros at the places of the values. */
  static Tensor noVelocity(FlatParameters parameters) {
    try (TensorScope scope = new TensorScope()) {
      return scope.keep(parameters.values().mul(parameters.gradients()).zero_());
    }
  }

  @Override
  public void step(double learningRate) {
    try (TensorScope scope = new TensorScope()) {
      Tensor gradients = parameters.gradients();
      if (rates.gradientClip() > 0) {
        Ops.shortenInPlace(gradients, rates.gradientClip());
      }
      regularizer.addGradient();
      Ops.mulInPlace(velocity, rates.momentum());
      Ops.addScaledInPlace(velocity, gradients, 1);
      Ops.addScaledInPlace(gradients, velocity, rates.momentum());
      for (ParameterGroup group : groups) {
        Ops.addScaledInPlace(
            group.in(parameters.values()), group.in(gradients), -learningRate * group.factor());
      }
    }
  }

  @Override
  public Tensor velocity() {
    return velocity;
  }

  /** It is the same everywhere. */
  @Override
  public void gather() {}

  @Override
  public long exchangedNanos() {
    return 0;
  }

  @Override
  public void close() {
    velocity.close();
  }
}
