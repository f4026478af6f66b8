package io.github.lsgspark.jobs;

import com.typesafe.config.ConfigFactory;
import io.github.lsgspark.config.SelectSettings.Method;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.curation.Selection;
import io.github.lsgspark.report.curation.SelectionPage;
import io.github.lsgspark.training.HeadStage;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Which samples to label next. */
final class SelectJob implements Stage {
  private static final StageReads<?> READS = declared();

  @Override
  public String name() {
    return "select";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String help() {
    return "Which samples to label next.";
  }

  @Override
  public String exampleOptions() {
    return " --count 100";
  }

  @Override
  public String work() {
    return "choose the samples to label next";
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
        Selection.FILE,
        "the chosen samples, and why; column label is to be filled in",
        SelectionPage.FILE,
        "the first of them as small pictures",
        "metrics.json",
        "counts, and the method that was taken");
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
    SelectionPage.run(
        session,
        settings(inputs.loaded()),
        inputs.path("prepare"),
        inputs.path("features"),
        target.folder());
  }

  /** With the head that the method needs, which knows no texts of classes. */
  private static Settings settings(Loaded loaded) {
    boolean spreads = loaded.settings().select().method() == Method.GRAPH;
    String head =
        "head.text-prior = \"0\", head.kind = "
            + kind(loaded.settings())
            + (spreads ? ", head.unlabelled = spread" : "");
    return SettingsLoader.overlay(loaded, ConfigFactory.parseString(head)).settings();
  }

  private static String kind(Settings settings) {
    return HeadStage.isOfTexts(settings) ? "ridge" : settings.head().kind();
  }

  @Override
  public Map<String, String> prints() {
    return Map.of("page", SelectionPage.FILE, "list", Selection.FILE);
  }

  private static StageReads<?> declared() {
    return StageReads.settings()
        .reads("select", "head.kind", "head.root", "head.whitening")
        .reads("head.layers", "head.layer-sets", "head.lambda", "head.lambdas")
        .reads("head.temperature", "head.choose-by", "head.class-weights", "head.shrinkage")
        .reads("head.logistic", "head.unlabelled", "head.marginal", "head.marginal-shares")
        .reads("head.balanced", "head.spread")
        .contents("head.marginal-file")
        .build();
  }
}
