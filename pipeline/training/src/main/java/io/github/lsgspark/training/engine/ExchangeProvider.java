package io.github.lsgspark.training.engine;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.TrainSettings;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * A module that brings an engine other than c10d. It is found as a service ({@link ServiceLoader})
 * on the driver and on every executor, by a class that implements this.
 */
public interface ExchangeProvider {

  /** The value of {@code train.engine} that asks for it. */
  TrainSettings.Engine engine();

  /**
   * Opens the exchange of one training, in a task of Spark whose partition is the replica's rank.
   *
   * @param context whose collective is for small sums and for waiting
   * @param weights to begin with, the same on every replica
   * @param velocity likewise
   */
  WeightExchange open(ReplicaContext context, UpdateRule rule, float[] weights, float[] velocity);

  /**
   * Who provides an engine; empty for c10d, which needs no one.
   *
   * @throws LsgException exit 4 if its module is not there
   */
  static Optional<ExchangeProvider> of(TrainSettings.Engine engine) {
    if (engine == TrainSettings.Engine.C10D) {
      return Optional.empty();
    }
    for (ExchangeProvider provider : ServiceLoader.load(ExchangeProvider.class)) {
      if (provider.engine() == engine) {
        return Optional.of(provider);
      }
    }
    String name = engine.name().toLowerCase(Locale.ROOT);
    throw LsgException.environment(
        "train.engine = "
            + name
            + ": its module lsg-engine-"
            + name
            + " is not on the class path of this process; docs/engines.md says how to build it and"
            + " what it needs. train.engine = c10d needs neither",
        null);
  }
}
