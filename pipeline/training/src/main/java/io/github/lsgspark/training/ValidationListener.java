package io.github.lsgspark.training;

import io.github.lsgspark.torch.ModeGuard;
import io.github.lsgspark.training.metrics.TrainingProgress;
import java.util.LinkedHashMap;
import java.util.Map;

/** Looks at the validation samples now and then, and keeps the weights that did best. */
final class ValidationListener implements TrainerListener {
  private final TrainingPlan plan;
  private final TrainingModel model;
  private final Inference inference;
  private final BestCheckpoint best;
  private final TrainingProgress progress;

  ValidationListener(
      TrainingPlan plan,
      TrainingModel model,
      Inference inference,
      BestCheckpoint best,
      TrainingProgress progress) {
    this.plan = plan;
    this.model = model;
    this.inference = inference;
    this.best = best;
    this.progress = progress;
  }

  @Override
  public boolean needsReports(int done) {
    int every = plan.settings().train().validateEvery();
    boolean due = done == plan.iterations() || (every > 0 && done % every == 0);
    return due && !plan.validation().isEmpty();
  }

  @Override
  public void between(int done, boolean stopping) {
    if (needsReports(done)) {
      try (ModeGuard weights = model.inUse()) {
        double accuracy = inference.accuracy(plan.validation());
        progress.validation(accuracy);
        best.offer(model.network(), accuracy, done);
      }
    }
  }

  @Override
  public Map<String, Object> metrics(double seconds) {
    Map<String, Object> metrics = new LinkedHashMap<>();
    if (best.found()) {
      metrics.put("best_validation_accuracy", best.accuracy());
      metrics.put("best_validation_step", best.step());
    }
    return metrics;
  }
}
