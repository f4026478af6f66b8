package io.github.lsgspark.jobs;

import io.github.lsgspark.config.EvaluateSettings.Classifier;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.evaluation.PredictStage;
import io.github.lsgspark.storage.Fingerprint;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.spark.sql.SparkSession;

/** What is labelled by the model, and by which classifier. */
final class PredictJob implements Stage {
  private static final StageReads<?> READS = declared();

  @Override
  public String name() {
    return "predict";
  }

  @Override
  public int version() {
    return 4;
  }

  @Override
  public String help() {
    return "Labels for predict.input, or for the samples without a label.";
  }

  @Override
  public String exampleOptions() {
    return " --input new --output labels.csv";
  }

  @Override
  public String work() {
    return "label samples by the model";
  }

  @Override
  public List<StageInput> inputs() {
    List<StageInput> inputs = new ArrayList<>();
    // Whose unlabelled samples are taken where no others are named.
    inputs.add(StageInput.of("prepare"));
    inputs.addAll(Published.inputs());
    inputs.add(
        StageInput.of("embed")
            .onlyIf(
                all -> all.settings().evaluate().headline() == Classifier.LOKI,
                "evaluate.classifier = loki"));
    return inputs;
  }

  @Override
  public List<StageReads<?>> reads() {
    return List.of(READS);
  }

  @Override
  public Map<String, String> writes() {
    return StageOutputs.of(
        "predictions/",
            "label, probability, entropy and the five most probable classes of each sample, the"
                + " labelled sample it is most like, and whether it is unlike them all",
        "windows/",
            "with predict.window-step: start, end and prediction of each window of each sound",
        "rejected/", "what could not be read, and why",
        "metrics.json", "counts");
  }

  @Override
  public void check(Loaded loaded) {
    PredictStage.check(loaded.settings());
  }

  @Override
  public Scope scope() {
    return Scope.MAIN_RUN;
  }

  @Override
  public Loaded decided(Loaded loaded, MachineChoice machines) {
    return machines.inference(loaded);
  }

  @Override
  public void key(StageInputs inputs, Fingerprint.Builder key) {
    key.add("prepare", inputs.fingerprint("prepare").orElseThrow());
    for (StageInput model : Published.inputs()) {
      inputs.fingerprint(model.name()).ifPresent(print -> key.add(model.name(), print));
    }
    key.add("embed", inputs.fingerprint("embed"));
  }

  @Override
  public void run(SparkSession session, StageInputs inputs, StageTarget target) {
    PredictStage.run(
        session,
        inputs.settings(),
        inputs.path("prepare"),
        Published.path(inputs),
        inputs.find("embed"),
        target.folder());
  }

  private static StageReads<?> declared() {
    return StageReads.settings()
        .locates(all -> true, Settings::data, "predict.input")
        .readsIf(all -> !all.predict().input().isEmpty(), "data.columns")
        .readsIf(all -> all.predict().input().startsWith(Conditions.DRAWN), "data.drawn")
        .derives("evaluate.classifier", all -> all.evaluate().headline())
        .through("evaluate.prototypes")
        .reads("evaluate.prototype-scale", "predict.unlike-quantile", "predict.window-step")
        .readsIf(classifies(Classifier.PROTOTYPES, Classifier.ENSEMBLE), "evaluate.seen-penalty")
        .readsIf(classifies(Classifier.ENSEMBLE), "evaluate.pooling")
        .readsIf(classifies(Classifier.LOKI), "evaluate.label-metric")
        .resolvedIf(all -> true, Conditions.AUTO, "train.device")
        .readsIf(Conditions.onGpus(), "train.tf32")
        .build();
  }

  private static Predicate<Settings> classifies(Classifier first, Classifier... others) {
    Set<Classifier> classifiers = EnumSet.of(first, others);
    return all -> classifiers.contains(all.evaluate().headline());
  }
}
