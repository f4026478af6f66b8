package io.github.lsgspark.jobs;

import com.typesafe.config.ConfigFactory;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.config.TrainSettings.Keep;
import io.github.lsgspark.config.TrainSettings.Start;
import io.github.lsgspark.training.TrialStage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Short trainings that say from where to train, and which model is the better one. */
final class TrialsJob implements Stage {
  private static final StageReads<?> READS =
      TrainJob.declared().reads("train.trials", "train.keep").build();

  /** Whether there is a choice that they decide. */
  static boolean isWanted(Settings settings) {
    TrainSettings train = settings.train();
    return train.enabled() && (train.start() == Start.BEST || train.keep() == Keep.BEST);
  }

  @Override
  public String name() {
    return "trials";
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  public String help() {
    return "Short trainings, judged on labels that they have not seen: from where to train, and what to keep.";
  }

  @Override
  public String work() {
    return "try short trainings";
  }

  @Override
  public List<StageInput> inputs() {
    return List.of(
        StageInput.of("prepare"),
        StageInput.of("features"),
        HeadJob.texts(),
        StageInput.of("head"),
        StageInput.of("graph").onlyIf(TrainJob::isGuided, "lsg.enabled = true"),
        StageInput.of("gcn").onlyIf(TrainJob::isGuided, "lsg.enabled = true"),
        FeaturesJob.pretrained());
  }

  @Override
  public List<StageReads<?>> reads() {
    return List.of(READS);
  }

  @Override
  public Map<String, String> writes() {
    return StageOutputs.of(
        "verdicts.json", "what each model made of each sample that none of them had seen",
        "metrics.json", "how each model did, with errors, and the start that was chosen");
  }

  @Override
  public boolean inRun(Loaded loaded) {
    return isWanted(loaded.settings());
  }

  @Override
  public void check(Loaded loaded) {
    if (!isWanted(loaded.settings())) {
      throw LsgException.usage(
          "there is nothing to try: lsg trials wants train.enabled = true and train.start = best or"
              + " train.keep = best");
    }
    VoteJob.requireNoTrials(loaded.settings());
  }

  @Override
  public Loaded decided(Loaded loaded, MachineChoice machines) {
    return machines.training(loaded);
  }

  @Override
  public void run(SparkSession session, StageInputs inputs, StageTarget target) {
    TrialStage.run(
        session,
        inputs.settings(),
        start -> trial(inputs.loaded(), start),
        new TrialStage.Inputs(
            HeadJob.taken(inputs), inputs.path("head"), inputs.find("graph"), inputs.find("gcn")),
        target.folder(),
        target.running());
  }

  @Override
  public boolean resumes() {
    return true;
  }

  /** The settings of a trial: the same schedule, in fewer steps. */
  static Settings trial(Loaded loaded, Start start) {
    TrainSettings train = loaded.settings().train();
    double share = train.trials().share();
    Map<String, Object> changes = new LinkedHashMap<>();
    changes.put("train.start", start.name().toLowerCase(Locale.ROOT));
    changes.put("train.iterations", part(train.iterations(), share));
    changes.put("train.epochs", part(train.epochs(), share));
    changes.put("train.validate-every", 0);
    changes.put("train.schedule.warmup-steps", part(train.schedule().warmupSteps(), share));
    changes.put(
        "train.schedule.milestones",
        train.schedule().milestones().stream().map(step -> part(step, share)).distinct().toList());
    return SettingsLoader.overlay(loaded, ConfigFactory.parseMap(changes, "what a trial changes"))
        .settings();
  }

  /** At least 1 of what is above 0. */
  private static int part(int steps, double share) {
    return steps == 0 ? 0 : Math.max(1, (int) Math.round(steps * share));
  }
}
