package io.github.lsgspark.engine.bigdl;

import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.training.engine.ExchangeProvider;
import io.github.lsgspark.training.engine.ReplicaContext;
import io.github.lsgspark.training.engine.UpdateRule;
import io.github.lsgspark.training.engine.WeightExchange;

/** Found by {@code train.engine = bigdl}. */
public final class BigDlProvider implements ExchangeProvider {

  @Override
  public TrainSettings.Engine engine() {
    return TrainSettings.Engine.BIGDL;
  }

  @Override
  public WeightExchange open(
      ReplicaContext context, UpdateRule rule, float[] weights, float[] velocity) {
    return new BigDlExchange(context, rule, weights, velocity);
  }
}
