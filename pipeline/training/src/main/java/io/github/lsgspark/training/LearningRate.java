package io.github.lsgspark.training;

import io.github.lsgspark.config.TrainSettings;

/** The base learning rate over the steps. */
record LearningRate(double base, TrainSettings.ScheduleSettings schedule, int iterations) {

  /**
   * @param step from 0
   */
  double at(int step) {
    int warmup = schedule.warmupSteps();
    if (step < warmup) {
      return base * (step + 1) / warmup;
    }
    return base
        * switch (schedule.kind()) {
          case CONSTANT -> 1;
          case MULTI_STEP ->
              Math.pow(
                  schedule.gamma(),
                  schedule.milestones().stream().filter(milestone -> step >= milestone).count());
          case COSINE ->
              0.5 * (1 + Math.cos(Math.PI * (step - warmup) / Math.max(1, iterations - warmup)));
        };
  }
}
