package io.github.lsgspark.training;

import java.util.Map;

/** Saves a checkpoint every so many steps, and where the training is stopped. */
final class CheckpointListener implements TrainerListener {
  private final TrainingPlan plan;
  private final TrainingModel model;
  private final TrainingState state;
  private final TrainingOutput output;

  CheckpointListener(
      TrainingPlan plan, TrainingModel model, TrainingState state, TrainingOutput output) {
    this.plan = plan;
    this.model = model;
    this.state = state;
    this.output = output;
  }

  @Override
  public boolean needsReports(int done) {
    int every = plan.settings().train().checkpoint().everySteps();
    return every > 0 && done % every == 0 && done < plan.iterations();
  }

  @Override
  public void between(int done, boolean stopping) {
    if (stopping || needsReports(done)) {
      model.gather();
      output.save(done, state);
    }
  }

  @Override
  public Map<String, Object> metrics(double seconds) {
    return Map.of("checkpoints_not_saved", output.unsaved());
  }
}
