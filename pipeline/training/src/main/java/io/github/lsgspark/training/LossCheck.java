package io.github.lsgspark.training;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.lsg.StepMetrics;
import io.github.lsgspark.torch.Finite;
import io.github.lsgspark.torch.FlatParameters;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Ends a training whose loss or gradient is no number, and says which term or tensor it was, and of
 * which samples. Loss and gradient are sums over the replicas, so all of them stop at the same
 * step.
 */
final class LossCheck {
  private final TrainingPlan plan;
  private final TrainingObjective objective;
  private final FlatParameters trained;
  private final BatchStream labelled;
  private final Optional<SemiSupervision> ssl;

  /**
   * @param trained with the gradients of the step
   * @param ssl with open batches; empty without unlabelled samples
   */
  LossCheck(
      TrainingPlan plan,
      TrainingObjective objective,
      FlatParameters trained,
      BatchStream labelled,
      Optional<SemiSupervision> ssl) {
    this.plan = plan;
    this.objective = objective;
    this.trained = trained;
    this.labelled = labelled;
    this.ssl = ssl;
  }

  /**
   * Looks at the loss, and at the length of the gradient as the optimiser gets it.
   *
   * @param present whether the parameters still have the gradients of this step
   * @throws LsgException exit 1 if one of them is not finite
   */
  void requireFinite(StepMetrics metrics, int step, double learningRate, boolean present) {
    requireFiniteLoss(metrics, step, learningRate);
    double norm = metrics.of(TrainingStep.GRADIENT_NORM);
    if (Double.isFinite(norm)) {
      return;
    }
    String where =
        present
            ? Finite.offender(trained, trained.gradients())
                .map(name -> ", in " + name)
                .orElse(", as it is longer than a float can say")
            : "";
    fail("the norm of the gradient is " + norm, step, learningRate, where);
  }

  private void requireFiniteLoss(StepMetrics metrics, int step, double learningRate) {
    double loss = objective.value(step, metrics);
    if (Double.isFinite(loss)) {
      return;
    }
    List<String> terms =
        objective.titled(step, metrics).entrySet().stream()
            .filter(term -> !Double.isFinite(term.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    String where = terms.isEmpty() ? "" : ", by its " + String.join(", ", terms);
    fail("the loss is " + loss, step, learningRate, where);
  }

  private void fail(String what, int step, double learningRate, String where) {
    int parts = plan.settings().train().accumulation();
    StringBuilder ids = new StringBuilder();
    for (int part = 0; part < parts; part++) {
      long number = (long) step * parts + part;
      ids.append(ids(labelled, plan.labelled(), number));
      ssl.filter(s -> s.takesPart(step))
          .ifPresent(
              s ->
                  ids.append(" and unlabelled ")
                      .append(ids(s.batches(), plan.unlabelled(), number)));
    }
    throw LsgException.failed(
        String.format(
            Locale.ROOT,
            "%s at step %d of %d, at learning rate %.4g%s, with the samples %s; lower"
                + " train.learning-rate, or set train.gradient-clip",
            what,
            step + 1,
            plan.iterations(),
            learningRate,
            where,
            ids));
  }

  private static List<String> ids(BatchStream batches, List<Sample> samples, long number) {
    return Arrays.stream(batches.plan(number).indices())
        .mapToObj(i -> samples.get(i).id())
        .toList();
  }
}
