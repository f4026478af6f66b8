package io.github.lsgspark.training;

import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.training.metrics.TrainingProgress;
import java.util.LinkedHashMap;
import java.util.Map;

/** Numbers of the steps to the log, the sinks and metrics.json. */
final class ProgressListener implements TrainerListener {
  private final TrainSettings train;
  private final TrainingObjective objective;
  private final TrainingProgress progress;
  private final TrainingOutput output;

  /**
   * @param output that is looked after where a line is due
   */
  ProgressListener(
      TrainSettings train,
      TrainingObjective objective,
      TrainingProgress progress,
      TrainingOutput output) {
    this.train = train;
    this.objective = objective;
    this.progress = progress;
    this.output = output;
  }

  @Override
  public void stepped(StepReport report) {
    progress.step(
        report.loss(), report.metrics().of(TrainingProgress.CROSS_ENTROPY), report.time());
    if (progress.due()) {
      output.lookNowAndThen();
      Map<String, Double> others = new LinkedHashMap<>(objective.measured());
      double rows = (double) train.globalBatch() * train.views();
      others.put(TrainingProgress.ACCURACY, report.metrics().of(TrainingStep.HITS) / rows);
      others.put(TrainingProgress.LEARNING_RATE, report.learningRate());
      progress.line(objective.parts(report.step(), report.metrics()), others);
    }
  }

  @Override
  public Map<String, Object> metrics(double seconds) {
    Map<String, Object> metrics = new LinkedHashMap<>(objective.summary(progress::recent));
    metrics.putAll(progress.metrics());
    return metrics;
  }
}
