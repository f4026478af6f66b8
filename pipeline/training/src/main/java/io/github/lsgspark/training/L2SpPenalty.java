package io.github.lsgspark.training;

import io.github.lsgspark.config.TransferSettings;
import io.github.lsgspark.torch.FlatParameters;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import java.util.Collection;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * L2-SP (Li, Grandvalet and Davoine, "Explicit Inductive Bias for Transfer Learning with
 * Convolutional Networks", ICML 2018, L2-SP penalty): alpha/2 ‖w − w0‖² of the parameters that the
 * pretrained weights w0 brought, normalisation included, and beta/2 ‖w‖² of the new ones, which are
 * the classifier, the projector, adapters, and what a partial file left unfilled. Frozen parameters
 * never leave w0, so they have no part in it.
 *
 * <p>The gradient is linear in the parameters. It is added to the flat gradient once, after the sum
 * over the replicas and after clipping, where weight decay has its place otherwise: L2-SP replaces
 * that for all parameters.
 */
final class L2SpPenalty implements GradientHook {
  /** Name of its number. */
  static final String NAME = "l2_sp";

  static final String TITLE = "distance from the start (l2-sp)";

  private final FlatParameters parameters;
  private final List<ParameterGroup> groups;
  private final Tensor start;

  /**
   * Takes the present values for w0.
   *
   * @param unfilled parameters of the backbone that the weights did not fill
   */
  L2SpPenalty(
      TransferSettings.L2SpSettings settings,
      FlatParameters parameters,
      Collection<String> unfilled) {
    this.parameters = parameters;
    this.groups =
        ParameterGroup.of(
            parameters, name -> isNew(name, unfilled) ? settings.beta() : settings.alpha());
    try (TensorScope scope = new TensorScope()) {
      start = scope.keep(parameters.values().clone());
      for (String name : parameters.names()) {
        if (isNew(name, unfilled)) {
          Ops.fillInPlace(parameters.view(start, name), 0);
        }
      }
    }
  }

  private static boolean isNew(String name, Collection<String> unfilled) {
    return Network.isHead(name) || Adapters.owns(name) || unfilled.contains(name);
  }

  /** The penalty of the present values; the same on every replica. */
  double value() {
    try (TensorScope scope = new TensorScope()) {
      Tensor distance = Ops.sub(parameters.values(), start);
      double value = 0;
      for (ParameterGroup group : groups) {
        double norm = Ops.norm(group.in(distance));
        value += group.factor() / 2 * norm * norm;
      }
      return value;
    }
  }

  /** Adds the penalty's gradient at the present values to the parameters' gradients. */
  @Override
  public void addGradient() {
    try (TensorScope scope = new TensorScope()) {
      Tensor distance = Ops.sub(parameters.values(), start);
      for (ParameterGroup group : groups) {
        Ops.addScaledInPlace(group.in(parameters.gradients()), group.in(distance), group.factor());
      }
    }
  }

  @Override
  public void close() {
    start.close();
  }
}
