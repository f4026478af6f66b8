package io.github.lsgspark.jobs;

import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.report.ReportInput;
import io.github.lsgspark.report.ReportStage;
import io.github.lsgspark.storage.Fingerprint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** What the page shows of what the other stages made. */
final class ReportJob implements Stage {
  private static final StageReads<?> READS = declared();

  @Override
  public String name() {
    return "report";
  }

  @Override
  public int version() {
    return 5;
  }

  @Override
  public String help() {
    return "The report page over everything that ran.";
  }

  @Override
  public String work() {
    return "tables and pictures of the report";
  }

  @Override
  public List<StageInput> inputs() {
    return List.of(
        StageInput.of("prepare"),
        StageInput.of("embed"),
        StageInput.of("graph").onlyIf(ReportJob::isGuided, "lsg.enabled = true"),
        StageInput.of("gcn").onlyIf(ReportJob::isGuided, "lsg.enabled = true"),
        StageInput.of("train")
            .onlyIf(all -> all.settings().train().enabled(), "train.enabled = true"),
        StageInput.of("head")
            .onlyIf(all -> !all.settings().train().enabled(), "train.enabled = false"),
        StageInput.of("evaluate"),
        StageInput.of("predict"));
  }

  @Override
  public List<StageReads<?>> reads() {
    return List.of(READS);
  }

  @Override
  public Map<String, String> writes() {
    return StageOutputs.of(
        "index.html", "the page",
        "explanation.json", "methods against the baseline, where methods are compared",
        "metrics.json", "counts");
  }

  private static boolean isGuided(Loaded loaded) {
    return loaded.settings().lsg().enabled();
  }

  @Override
  public Scope scope() {
    return Scope.ALL_RUNS;
  }

  /** Everything that the page shows, in order, and what the runs are called. */
  @Override
  public void key(StageInputs inputs, Fingerprint.Builder key) {
    List<Fingerprint> upstream = new ArrayList<>();
    inputs.counted().values().forEach(output -> upstream.add(output.fingerprint()));
    List<String> methods = new ArrayList<>();
    for (StageInputs.Finished run : inputs.whole().runs()) {
      upstream.add(run.result().stage("evaluate").fingerprint());
      methods.add(run.result().method());
    }
    key.add("upstream", upstream).add("methods", methods);
  }

  @Override
  public void run(SparkSession session, StageInputs inputs, StageTarget target) {
    List<ReportInput.Run> shown = new ArrayList<>();
    List<RunStages> results = new ArrayList<>();
    for (StageInputs.Finished run : inputs.whole().runs()) {
      RunStages result = run.result();
      results.add(result);
      shown.add(
          new ReportInput.Run(
              result.method(),
              result.seed(),
              result.model().path(),
              result.stage("evaluate").path(),
              result.guidance(run.spec().settings())));
    }
    ReportInput input =
        new ReportInput(
            "LSG on Spark: " + inputs.whole().workDir(),
            RunRecord.configuration(inputs.whole().base()),
            inputs.settings().data().train().startsWith(Conditions.DRAWN),
            inputs.path("prepare"),
            inputs.path("embed"),
            inputs.find("graph"),
            Comparison.baseline(results),
            shown);
    ReportStage.run(session, inputs.settings(), input, target.folder());
  }

  @Override
  public Map<String, String> prints() {
    return Map.of("page", ReportStage.PAGE);
  }

  private static StageReads<?> declared() {
    return StageReads.settings().reads("report").build();
  }
}
