package io.github.lsgspark.jobs;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.evaluation.EvaluateStage;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** How the closed form is measured, the rival of every training that is there, too. */
final class EvaluateHeadJob implements Stage {
  private static final StageReads<?> READS = EvaluateJob.declared();

  @Override
  public String name() {
    return "evaluate-head";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String help() {
    return "The same of the closed-form head, where a training stands beside it.";
  }

  @Override
  public String work() {
    return "measure the closed-form head";
  }

  @Override
  public List<StageInput> inputs() {
    return List.of(StageInput.of("prepare"), StageInput.of("head"), StageInput.of("embed"));
  }

  @Override
  public List<StageReads<?>> reads() {
    return List.of(READS);
  }

  @Override
  public Map<String, String> writes() {
    return StageOutputs.of(
        "predictions/", "what the head predicts for the test and validation splits",
        "metrics.json", "accuracy, calibration, semantic error");
  }

  @Override
  public boolean inRun(Loaded loaded) {
    Settings settings = loaded.settings();
    return settings.train().enabled() && HeadJob.isWanted(settings);
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
        inputs.path("head"),
        inputs.path("embed"),
        target.folder());
  }
}
