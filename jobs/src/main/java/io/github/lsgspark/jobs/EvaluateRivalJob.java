package io.github.lsgspark.jobs;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.config.TrainSettings.Keep;
import io.github.lsgspark.evaluation.EvaluateStage;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.spark.sql.SparkSession;

/**
 * How a model is measured that is not the one that a run comes to, or not known to be: the closed
 * form beside a training, and a training beside what is kept instead.
 */
final class EvaluateRivalJob implements Stage {
  /** The closed form. */
  static final EvaluateRivalJob HEAD =
      new EvaluateRivalJob(
          "head",
          "The same of the closed-form head, where a training stands beside it.",
          "measure the closed-form head",
          settings -> settings.train().enabled() && HeadJob.isWanted(settings));

  /** The training. */
  static final EvaluateRivalJob TRAIN =
      new EvaluateRivalJob(
          "train",
          "The same of the training, where another model may be kept.",
          "measure the training",
          settings -> settings.train().enabled() && settings.train().keep() != Keep.TRAINED);

  private static final StageReads<?> READS = EvaluateJob.declared();

  private final String model;
  private final String help;
  private final String work;
  private final Predicate<Settings> wanted;

  private EvaluateRivalJob(String model, String help, String work, Predicate<Settings> wanted) {
    this.model = model;
    this.help = help;
    this.work = work;
    this.wanted = wanted;
  }

  @Override
  public String name() {
    return "evaluate-" + model;
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String help() {
    return help;
  }

  @Override
  public String work() {
    return work;
  }

  @Override
  public List<StageInput> inputs() {
    return List.of(StageInput.of("prepare"), StageInput.of(model), StageInput.of("embed"));
  }

  @Override
  public List<StageReads<?>> reads() {
    return List.of(READS);
  }

  @Override
  public Map<String, String> writes() {
    return StageOutputs.of(
        "predictions/", "what it predicts for the test and validation splits",
        "metrics.json", "accuracy, calibration, semantic error");
  }

  @Override
  public boolean inRun(Loaded loaded) {
    return wanted.test(loaded.settings());
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
        inputs.path(model),
        inputs.path("embed"),
        target.folder());
  }
}
