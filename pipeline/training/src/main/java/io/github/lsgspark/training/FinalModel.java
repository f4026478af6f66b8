package io.github.lsgspark.training;

import io.github.lsgspark.torch.HostArray;
import java.util.Optional;

/**
 * What a training ends with.
 *
 * @param prototypes [C,D] of a guided training
 * @param writes whether this replica writes it
 */
record FinalModel(
    TrainingPlan plan,
    ModelDescription description,
    TrainingModel model,
    TrainingState state,
    TrainingOutput output,
    Optional<HostArray> prototypes,
    boolean writes) {

  /** Writes the model; all replicas call it together, and return when it is there. */
  void publish() {
    model.gather();
    output.publish(description, writes ? Optional.of(copy()) : Optional.empty());
  }

  private TrainingOutput.Last copy() {
    BestCheckpoint best = state.best();
    return new TrainingOutput.Last(
        state.save(plan.iterations(), plan.identity()),
        model.export(),
        best.found() ? Optional.of(model.network().model(best.weights())) : Optional.empty(),
        prototypes);
  }
}
