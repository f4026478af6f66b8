package io.github.lsgspark.jobs;

import io.github.lsgspark.config.ExperimentSettings;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.experiment.ExperimentInput;
import io.github.lsgspark.experiment.ExperimentStage;
import io.github.lsgspark.storage.Fingerprint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** What the table shows of a grid's runs, whose seeds, folds and overlays are in these. */
final class ExperimentJob implements Stage {
  private static final StageReads<?> READS = declared();

  @Override
  public String name() {
    return "experiment";
  }

  @Override
  public int version() {
    return 5;
  }

  @Override
  public String help() {
    return "Table and learning curves of a grid of runs.";
  }

  @Override
  public String work() {
    return "table and learning curves of a grid of runs";
  }

  @Override
  public List<StageInput> inputs() {
    return List.of();
  }

  @Override
  public List<StageReads<?>> reads() {
    return List.of(READS);
  }

  @Override
  public Map<String, String> writes() {
    return StageOutputs.of(
        "index.html", "learning curves",
        "table.txt, table.json", "the table",
        "runs.parquet", "every run's figures",
        "metrics.json", "counts");
  }

  private static ExperimentSettings grid(Loaded loaded) {
    return loaded.experiment().orElseThrow();
  }

  @Override
  public Scope scope() {
    return Scope.GRID;
  }

  /** Every finished run by its name, with the fingerprint of its evaluation, in order. */
  @Override
  public void key(StageInputs inputs, Fingerprint.Builder key) {
    Map<String, Fingerprint> runs = new LinkedHashMap<>();
    for (StageInputs.Finished run : inputs.whole().runs()) {
      runs.put(run.spec().toString(), run.result().stage("evaluate").fingerprint());
    }
    key.add("runs", runs);
  }

  @Override
  public void run(SparkSession session, StageInputs inputs, StageTarget target) {
    List<ExperimentInput.Run> runs = new ArrayList<>();
    for (StageInputs.Finished run : inputs.whole().runs()) {
      Map<String, String> folders = new LinkedHashMap<>();
      run.result().stages().forEach((stage, record) -> folders.put(stage.name(), record.path()));
      runs.add(
          new ExperimentInput.Run(
              run.spec().method(),
              run.spec().budget().orElseThrow(),
              run.spec().trial(),
              run.result().guidance(run.spec().settings()),
              folders));
    }
    ExperimentInput input =
        new ExperimentInput(
            "LSG on Spark, experiment: " + inputs.whole().workDir(),
            RunRecord.configuration(inputs.whole().base()),
            inputs.settings().data().train().startsWith(Conditions.DRAWN),
            grid(inputs.loaded()),
            runs);
    ExperimentStage.run(session, input, target.folder());
  }

  private static StageReads<?> declared() {
    return StageReads.of(ExperimentSettings.class, "experiment.", ExperimentJob::grid)
        .reads("experiment.budgets", "experiment.baseline", "experiment.split")
        .derives("experiment.methods", grid -> grid.methods().keySet())
        .through("experiment.by-budget")
        .reads("experiment.seeds", "experiment.folds")
        .build();
  }
}
