package io.github.lsgspark.jobs;

import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.evaluation.EvaluateStage;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** How a trained model is measured. */
final class EvaluateJob implements Stage {
  static final String TRAINED = "train.enabled = true";
  static final String NOT_TRAINED = "train.enabled = false";

  private static final StageReads<?> READS = declared();

  /**
   * The model that a run comes to: the trained one, or where nothing is trained the closed form.
   */
  static String model(StageInputs inputs) {
    return inputs.find("train").orElseGet(() -> inputs.path("head"));
  }

  @Override
  public String name() {
    return "evaluate";
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  public String help() {
    return "Accuracy, calibration and semantic error on the test split.";
  }

  @Override
  public String work() {
    return "measure the trained model";
  }

  @Override
  public List<StageInput> inputs() {
    return List.of(
        StageInput.of("prepare"),
        StageInput.of("train").onlyIf(all -> all.settings().train().enabled(), TRAINED),
        StageInput.of("head").onlyIf(all -> !all.settings().train().enabled(), NOT_TRAINED),
        // The labels' own texts, which the semantic error and the distances of classes are in.
        StageInput.of("embed"));
  }

  @Override
  public List<StageReads<?>> reads() {
    return List.of(READS);
  }

  @Override
  public Map<String, String> writes() {
    return StageOutputs.of(
        "predictions/", "what the last step predicts for the test and validation splits",
        "metrics.json", "accuracy, calibration, semantic error");
  }

  @Override
  public Loaded decided(Loaded loaded, MachineChoice machines) {
    return machines.inference(loaded);
  }

  @Override
  public void run(SparkSession session, StageInputs inputs, StageTarget target) {
    EvaluateStage.run(
        session,
        inputs.settings(),
        inputs.path("prepare"),
        model(inputs),
        inputs.path("embed"),
        target.folder());
  }

  static StageReads<?> declared() {
    return StageReads.settings()
        .derives("evaluate.classifier", all -> all.evaluate().headline())
        .through("evaluate.prototypes")
        .reads("evaluate.prototype-scale", "evaluate.pooling", "evaluate.seen-penalty")
        .reads("evaluate.label-metric", "evaluate.calibration-bins")
        .resolvedIf(all -> true, Conditions.AUTO, "train.device")
        .readsIf(Conditions.onGpus(), "train.tf32")
        .build();
  }
}
