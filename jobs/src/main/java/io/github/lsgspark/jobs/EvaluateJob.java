package io.github.lsgspark.jobs;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.evaluation.EvaluateStage;
import io.github.lsgspark.evaluation.LeaveOneOutStage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** How the model that a run comes to is measured. */
final class EvaluateJob implements Stage {
  private static final String RIDGE = "ridge";
  private static final StageReads<?> READS = declared();

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
    return "Accuracy, calibration and semantic error on the test split, or by leave-one-out.";
  }

  @Override
  public String work() {
    return "measure the model";
  }

  @Override
  public List<StageInput> inputs() {
    List<StageInput> inputs = new ArrayList<>();
    inputs.add(StageInput.of("prepare"));
    inputs.addAll(Published.inputs());
    // The labels' own texts, which the semantic error and the distances of classes are in.
    inputs.add(StageInput.of("embed"));
    inputs.add(
        StageInput.of("features")
            .onlyIf(all -> leavesOut(all.settings()), "data.test-split = none"));
    return inputs;
  }

  @Override
  public List<StageReads<?>> reads() {
    return List.of(READS);
  }

  @Override
  public Map<String, String> writes() {
    return StageOutputs.of(
        "predictions/", "what the model predicts for the test and validation splits",
        "metrics.json", "accuracy, calibration, semantic error");
  }

  @Override
  public Loaded decided(Loaded loaded, MachineChoice machines) {
    return machines.inference(loaded);
  }

  @Override
  public void check(Loaded loaded) {
    Settings settings = loaded.settings();
    if (!leavesOut(settings)) {
      return;
    }
    HeadSettings head = settings.head();
    if (settings.train().enabled()
        || !head.kind().equals(RIDGE)
        || head.unlabelled() != HeadSettings.Unlabelled.NONE
        || head.hasTextPrior()) {
      throw LsgException.usage(
          "data.test-split = none judges by leaving out, which is exact for the ridge alone: it wants"
              + " train.enabled = false and head { kind = ridge, unlabelled = none, text-prior = 0"
              + " }, but they were "
              + settings.train().enabled()
              + ", "
              + head.kind()
              + ", "
              + head.unlabelled().name().toLowerCase(Locale.ROOT)
              + " and "
              + head.textPrior()
              + "; data.test-split = test with data.test-fraction = 0.2 tests any model on a fifth of"
              + " the labelled samples instead");
    }
  }

  private static boolean leavesOut(Settings settings) {
    return settings.data().testSplit() == DataSettings.TestSplit.NONE;
  }

  @Override
  public void run(SparkSession session, StageInputs inputs, StageTarget target) {
    if (leavesOut(inputs.settings())) {
      LeaveOneOutStage.run(
          session,
          inputs.settings(),
          inputs.path("prepare"),
          inputs.path("features"),
          inputs.path("embed"),
          target.folder());
      return;
    }
    EvaluateStage.run(
        session,
        inputs.settings(),
        inputs.path("prepare"),
        Published.path(inputs),
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
