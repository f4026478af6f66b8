package io.github.lsgspark.training;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.StageTenure;
import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.Finite;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.training.checkpoint.Checkpoint;
import io.github.lsgspark.training.checkpoint.CheckpointStore;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What rank 0 writes: checkpoints and, at the end, the model. The others wait for it. Nothing is
 * written that is not finite throughout, or after another run has taken the training over.
 */
final class TrainingOutput {
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(30);

  private final TrainingPlan plan;
  private final HadoopFiles files;
  private final CheckpointStore checkpoints;
  private final Optional<StageTenure> tenure;
  private final boolean writes;
  private final RankZero rankZero;
  private long looked = System.nanoTime();
  private int unsaved;

  /**
   * @param tenure the run's right to write; empty where nobody else would
   */
  TrainingOutput(
      TrainingPlan plan,
      HadoopFiles files,
      CheckpointStore checkpoints,
      Optional<StageTenure> tenure,
      Collective collective,
      PrecisionPolicy policy) {
    this.plan = plan;
    this.files = files;
    this.checkpoints = checkpoints;
    this.tenure = tenure;
    this.writes = collective.rank() == 0;
    this.rankZero = new RankZero(collective, policy.device());
  }

  /**
   * A copy of what there is to write.
   *
   * @param state of the training
   * @param tensors of the model; with averaged weights not those of the state
   * @param picked by validation; empty without
   * @param prototypes of a guided training
   */
  record Last(
      Checkpoint state,
      Map<String, HostArray> tensors,
      Optional<Map<String, HostArray>> picked,
      Optional<HostArray> prototypes) {}

  /** Saves a checkpoint; one that cannot be written is not worth the training. */
  void save(int done, TrainingState state) {
    Optional<Checkpoint> checkpoint =
        writes ? Optional.of(state.save(done, plan.identity())) : Optional.empty();
    rankZero.doesWhileOthersWait(
        "save the checkpoint of step " + done,
        () -> {
          requireTenure();
          requireFinite(checkpoint.orElseThrow().arrays(), "no checkpoint is saved", done);
          if (!checkpoints.save(
              checkpoint.orElseThrow(), plan.settings().train().checkpoint().keep())) {
            unsaved++;
          }
        });
  }

  /**
   * Writes the model.
   *
   * @param last empty on other replicas than rank 0
   */
  void publish(ModelDescription description, Optional<Last> last) {
    rankZero.doesWhileOthersWait(
        "write the model",
        () -> {
          requireTenure();
          write(description, last.orElseThrow());
          requireTenure();
        });
  }

  private void write(ModelDescription description, Last last) {
    int steps = plan.iterations();
    requireFinite(last.tensors(), "no model is written", steps);
    requireFinite(last.state().arrays(), "no model is written", steps);
    Optional<Map<String, HostArray>> prototypes =
        last.prototypes().map(found -> Map.of(ModelFiles.PROTOTYPES_TENSOR, found));
    prototypes.ifPresent(found -> requireFinite(found, "no model is written", steps));
    ModelFiles model = new ModelFiles(files, plan.outDir());
    model.write(description);
    last.picked().ifPresent(best -> model.write(ModelFiles.VALIDATION_PICKED, best, description));
    prototypes.ifPresent(found -> model.write(ModelFiles.PROTOTYPES, found));
    model.write(ModelFiles.LAST, last.tensors(), description);
    model.write(ModelFiles.CHECKPOINT, last.state().arrays(), last.state().facts());
    ServingModel.write(model, description, last.tensors(), plan.weights().content());
  }

  private static void requireFinite(Map<String, HostArray> arrays, String so, int step) {
    Optional<String> offender = Finite.offender(arrays);
    if (offender.isPresent()) {
      throw LsgException.failed(
          "after step "
              + step
              + " "
              + offender.get()
              + " holds a value that is no finite number: "
              + so
              + "; "
              + advice(offender.get()));
    }
  }

  private static String advice(String tensor) {
    return tensor.contains("running_")
        ? "a batch was normalised that is too small or not finite: raise train.global-batch, or set"
            + " train.batch-norm = frozen"
        : "lower train.learning-rate, or set train.gradient-clip";
  }

  /** Now and then, whether the training is still this run's. */
  void lookNowAndThen() {
    if (System.nanoTime() - looked > BETWEEN_LOOKS.toNanos()) {
      requireTenure();
    }
  }

  /**
   * @throws LsgException exit 1 if another run has taken this one for broken down
   */
  void requireTenure() {
    looked = System.nanoTime();
    if (writes) {
      tenure.ifPresent(held -> held.requireHeld(files));
    }
  }

  /** Checkpoints that could not be saved. */
  int unsaved() {
    return unsaved;
  }
}
