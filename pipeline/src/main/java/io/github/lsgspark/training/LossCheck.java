package io.github.lsgspark.training;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Ends a training whose loss is no number, and says which samples it was of. */
final class LossCheck {
  private final TrainingPlan plan;
  private final Batches labelled;
  private final SemiSupervision ssl;

  /**
   * @param ssl null without unlabelled samples
   */
  LossCheck(TrainingPlan plan, Batches labelled, SemiSupervision ssl) {
    this.plan = plan;
    this.labelled = labelled;
    this.ssl = ssl;
  }

  /**
   * All replicas see the same loss, so all stop.
   *
   * @throws LsgException exit 1 if it is not finite
   */
  void requireFinite(double loss, int step, double learningRate) {
    if (Double.isFinite(loss)) {
      return;
    }
    int parts = plan.settings().train().accumulation();
    StringBuilder ids = new StringBuilder();
    for (int part = 0; part < parts; part++) {
      long number = (long) step * parts + part;
      ids.append(ids(labelled, plan.labelled(), number));
      if (ssl != null && ssl.takesPart(step)) {
        ids.append(" and unlabelled ").append(ids(ssl.batches(), plan.unlabelled(), number));
      }
    }
    throw LsgException.failed(
        String.format(
            Locale.ROOT,
            "the loss is %s at step %d of %d, at learning rate %.4g, with the samples %s; lower"
                + " train.learning-rate, or set train.gradient-clip",
            loss,
            step + 1,
            plan.iterations(),
            learningRate,
            ids));
  }

  private static List<String> ids(Batches batches, List<Sample> samples, long number) {
    return Arrays.stream(batches.plan(number).indices())
        .mapToObj(i -> samples.get(i).id())
        .toList();
  }
}
