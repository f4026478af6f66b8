package io.github.lsgspark.training;

import io.github.lsgspark.config.SslSettings;
import io.github.lsgspark.lsg.LossTerm;
import io.github.lsgspark.lsg.LossValue;
import io.github.lsgspark.training.ssl.PseudoLabelling;
import java.util.Optional;

/**
 * The strategy's term that keeps the classes in balance ({@link PseudoLabelling#fairness}). One
 * term of all replicas: each adds the gradient of its own images, and its part of the number.
 */
record FairnessLoss(SslSettings settings, PseudoLabelling strategy)
    implements LossTerm<UnlabelledBatch> {

  @Override
  public String name() {
    return UnlabelledLoss.NAME;
  }

  @Override
  public double weight(int step) {
    return settings.fairnessWeight() * settings.weightAt(step);
  }

  @Override
  public boolean showsWeighted() {
    return true;
  }

  @Override
  public Optional<LossValue> value(UnlabelledBatch batch) {
    double own = (double) batch.plan().rows().length / batch.plan().labels().length;
    return strategy.fairness(batch.classifiedLogits()).map(term -> LossValue.ofAll(term, own));
  }
}
