package io.github.lsgspark.training;

import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.torch.FlatParameters;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import io.github.lsgspark.training.engine.ExchangeProvider;
import io.github.lsgspark.training.engine.ReplicaContext;
import io.github.lsgspark.training.engine.UpdateRule;
import io.github.lsgspark.training.engine.WeightExchange;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * The step of {@link SgdNesterov} taken by another engine: gradients of this replica alone go
 * there, and weights that are the same on all replicas come back.
 */
final class ExchangedSgd implements Optimizer {
  private final ExchangeProvider provider;
  private final ReplicaContext context;
  private final FlatParameters parameters;
  private final UpdateRule rule;
  private final Tensor velocity;
  private WeightExchange exchange;
  private float[] weights;
  private long nanos;

  ExchangedSgd(
      ExchangeProvider provider, ReplicaContext context, TrainSettings settings, Network network) {
    this.provider = provider;
    this.context = context;
    this.parameters = network.trained();
    SgdNesterov.Rates rates = SgdNesterov.Rates.of(settings, network.layerRates(settings));
    List<UpdateRule.Part> parts =
        SgdNesterov.groups(rates, parameters).stream()
            .map(group -> new UpdateRule.Part((int) group.length(), group.factor()))
            .toList();
    rule =
        new UpdateRule(settings.momentum(), settings.weightDecay(), settings.gradientClip(), parts);
    velocity = SgdNesterov.noVelocity(parameters);
  }

  /** Opens the exchange late, as weights and velocity may come from a checkpoint. */
  @Override
  public void step(double learningRate) {
    if (exchange == null) {
      weights = Tensors.floats(parameters.values());
      exchange = provider.open(context, rule, weights, Tensors.floats(velocity));
    }
    long start = System.nanoTime();
    long waited = context.collective().waitedNanos();
    exchange.step(Tensors.floats(parameters.gradients()), learningRate, weights);
    try (TensorScope scope = new TensorScope()) {
      Tensors.fill(parameters.values(), weights);
    }
    nanos += System.nanoTime() - start - (context.collective().waitedNanos() - waited);
  }

  @Override
  public Tensor velocity() {
    return velocity;
  }

  @Override
  public void gather() {
    if (exchange != null) {
      Tensors.fill(velocity, exchange.velocity());
    }
  }

  @Override
  public long exchangedNanos() {
    return nanos;
  }

  @Override
  public void close() {
    if (exchange != null) {
      exchange.close();
    }
    velocity.close();
  }
}
