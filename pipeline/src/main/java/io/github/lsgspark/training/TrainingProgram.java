package io.github.lsgspark.training;

import io.github.lsgspark.storage.Json;
import io.github.lsgspark.training.engine.ReplicaContext;
import io.github.lsgspark.training.engine.ReplicaProgram;
import io.github.lsgspark.training.engine.StoppedException;

/** Training as a program for replicas; returns the content of metrics.json. */
record TrainingProgram(TrainingPlan plan) implements ReplicaProgram<String> {
  @Override
  public String run(ReplicaContext context) throws StoppedException {
    try (Replica replica = new Replica(plan, context)) {
      return Json.text(replica.run());
    }
  }
}
