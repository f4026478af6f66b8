package io.github.lsgspark.training;

import io.github.lsgspark.storage.Json;
import io.github.lsgspark.storage.StageTenure;
import io.github.lsgspark.training.engine.ReplicaContext;
import io.github.lsgspark.training.engine.ReplicaProgram;
import io.github.lsgspark.training.engine.StoppedException;
import java.util.Optional;

/**
 * Training as a program for replicas; returns the content of metrics.json.
 *
 * @param tenure by which the run writes; null where nobody else would
 */
record TrainingProgram(TrainingPlan plan, StageTenure tenure) implements ReplicaProgram<String> {

  /** A training that nobody else would take over. */
  TrainingProgram(TrainingPlan plan) {
    this(plan, null);
  }

  @Override
  public String run(ReplicaContext context) throws StoppedException {
    try (TrainerWorker worker = TrainerFactory.open(plan, context, Optional.ofNullable(tenure))) {
      return Json.text(worker.run());
    }
  }
}
