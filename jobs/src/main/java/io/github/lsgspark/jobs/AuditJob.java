package io.github.lsgspark.jobs;

import com.typesafe.config.ConfigFactory;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.report.curation.AuditPage;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** What may be wrong with the samples: labels, duplicates, outliers. */
final class AuditJob implements Stage {
  private static final StageReads<?> READS = declared();

  /** Leave-one-out of the labelled samples is exact for this head. */
  private static final String HEAD = "head { kind = ridge, unlabelled = none, text-prior = \"0\" }";

  @Override
  public String name() {
    return "audit";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String help() {
    return "Labels that may be wrong, samples that are the same, samples that are like no other.";
  }

  @Override
  public String work() {
    return "look for wrong labels, duplicates and outliers";
  }

  @Override
  public List<StageInput> inputs() {
    return List.of(StageInput.of("prepare"), StageInput.of("features"));
  }

  @Override
  public List<StageReads<?>> reads() {
    return List.of(READS);
  }

  @Override
  public Map<String, String> writes() {
    return StageOutputs.of(
        "errors.csv",
        "labels that may be wrong, the likeliest errors first, and why",
        "duplicates.csv",
        "pairs of samples of the same content, or nearly",
        "outliers.csv",
        "samples that are far from all others",
        AuditPage.FILE,
        "the first of each as small pictures",
        "metrics.json",
        "counts");
  }

  @Override
  public Scope scope() {
    return Scope.MAIN_RUN;
  }

  @Override
  public boolean inRun(Loaded loaded) {
    return false;
  }

  @Override
  public void run(SparkSession session, StageInputs inputs, StageTarget target) {
    AuditPage.run(
        session,
        SettingsLoader.overlay(inputs.loaded(), ConfigFactory.parseString(HEAD)).settings(),
        inputs.path("prepare"),
        inputs.path("features"),
        target.folder());
  }

  @Override
  public Map<String, String> prints() {
    return Map.of("page", AuditPage.FILE);
  }

  private static StageReads<?> declared() {
    return StageReads.settings()
        .reads("audit", "head.root", "head.whitening", "head.layers", "head.layer-sets")
        .reads("head.lambda", "head.lambdas", "head.temperature", "head.choose-by")
        .reads("head.class-weights")
        .build();
  }
}
