package io.github.lsgspark.jobs;

import static io.github.lsgspark.config.TransferSettings.Method.BI_TUNING;
import static io.github.lsgspark.config.TransferSettings.Method.BSS;
import static io.github.lsgspark.config.TransferSettings.Method.PROJECTED_CROSS_ENTROPY;
import static io.github.lsgspark.config.TransferSettings.Method.SUP_CON;

import io.github.lsgspark.config.HeadSettings.LabelTexts;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.config.TrainSettings.Keep;
import io.github.lsgspark.features.FrameTexts;
import io.github.lsgspark.training.HeadStage;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.spark.sql.SparkSession;

/** A classifier on frozen features, in closed form or trained in seconds: an ordinary model. */
final class HeadJob implements Stage {
  private static final String GUIDED = "head.kind = lsg and lsg.enabled = true";
  private static final StageReads<?> READS = declared();

  /** Whether {@code lsg run} makes it: it is the model, or the start of one, or its rival. */
  static boolean isWanted(Settings settings) {
    return settings.head().enabled() || isNeeded(settings);
  }

  /** Whether the model cannot be made without it. */
  static boolean isNeeded(Settings settings) {
    TrainSettings train = settings.train();
    return !train.enabled() || TrainJob.takesHead(settings) || train.keep() != Keep.TRAINED;
  }

  /** Whether it is trained with the losses of the label graph. */
  static boolean isGuided(Settings settings) {
    return settings.head().isTrained() && settings.lsg().enabled();
  }

  @Override
  public String name() {
    return "head";
  }

  @Override
  public int version() {
    return 3;
  }

  @Override
  public String help() {
    return "A classifier on the frozen features in seconds: in closed form, or trained (head.kind = lsg).";
  }

  @Override
  public String work() {
    return "fit a head on the frozen features";
  }

  @Override
  public List<StageInput> inputs() {
    return List.of(
        StageInput.of("prepare"),
        StageInput.of("features"),
        texts(),
        StageInput.of("graph").onlyIf(all -> isGuided(all.settings()), GUIDED),
        StageInput.of("gcn").onlyIf(all -> isGuided(all.settings()), GUIDED),
        FeaturesJob.pretrained());
  }

  @Override
  public List<StageReads<?>> reads() {
    return List.of(READS);
  }

  @Override
  public Map<String, String> writes() {
    return StageOutputs.of(
        "model.safetensors", "the network's weights, the transform, the classifier",
        "model.torchscript.pt", "the network for serving",
        "model.json, labels.json", "what the network is, and its classes",
        "prototypes.safetensors",
            "of a guided head; the texts of the classes, where it tells them by name",
        "candidates.csv", "what leave-one-out says of everything that was tried",
        "metrics.json",
            "what was chosen, leave-one-out accuracy and cross-entropy of a closed form, times");
  }

  @Override
  public boolean inRun(Loaded loaded) {
    return isWanted(loaded.settings());
  }

  @Override
  public void check(Loaded loaded) {
    HeadStage.check(loaded.settings());
  }

  @Override
  public void run(SparkSession session, StageInputs inputs, StageTarget target) {
    HeadStage.run(session, inputs.settings(), taken(inputs), target.folder());
  }

  private static boolean shuffles(Settings settings) {
    return HeadStage.takesTexts(settings) && settings.head().labelTexts() == LabelTexts.SHUFFLED;
  }

  /** The texts of the classes, for a head that reads them. */
  static StageInput texts() {
    return StageInput.of("embed")
        .onlyIf(
            all -> HeadStage.takesTexts(all.settings()) || FrameTexts.isWanted(all.settings()),
            "head.kind, head.text-prior, head.by-name or features.frames asks for texts");
  }

  /** What the fit takes, of a stage that has the same inputs. */
  static HeadStage.Inputs taken(StageInputs inputs) {
    return new HeadStage.Inputs(
        inputs.path("prepare"),
        inputs.path("features"),
        inputs.find("embed"),
        inputs.find("graph"),
        inputs.find("gcn"),
        FeaturesJob.weights(inputs));
  }

  private static StageReads<?> declared() {
    Predicate<Settings> trained = all -> all.head().isTrained();
    Predicate<Settings> shrinks = trained.and(all -> all.train().transfer().uses(BSS));
    Predicate<Settings> contrasts = trained.and(all -> all.train().transfer().uses(SUP_CON));
    Predicate<Settings> classifies =
        trained.and(all -> all.train().transfer().uses(PROJECTED_CROSS_ENTROPY));
    Predicate<Settings> tunes = trained.and(all -> all.train().transfer().uses(BI_TUNING));
    Predicate<Settings> projects = trained.and(all -> all.train().transfer().projects());
    Predicate<Settings> guided = HeadJob::isGuided;
    return StageReads.settings()
        .reads("head")
        .readsIf(all -> trained.test(all) || shuffles(all), "seed")
        .readsIf(trained, "train.label-smoothing", "train.transfer.methods", "lsg.enabled")
        .readsIf(trained, "head.lsg.start", "head.lsg.adapter", "head.lsg.iterations")
        .readsIf(trained, "head.lsg.batch", "head.lsg.learning-rate", "head.lsg.head-multiplier")
        .readsIf(trained, "head.lsg.momentum", "head.lsg.weight-decay")
        .readsIf(projects.or(guided), "head.lsg.projector-multiplier", "lsg.projector")
        .readsIf(shrinks, "train.transfer.bss")
        .readsIf(contrasts, "train.transfer.sup-con")
        .readsIf(classifies, "train.transfer.projected-cross-entropy")
        .readsIf(tunes, "train.transfer.bi-tuning")
        .readsIf(projects.and(guided.negate()), "train.transfer.projection-dimension")
        .readsIf(guided, "lsg.align-weight", "lsg.regularization-weight")
        .readsIf(guided, "lsg.text-image-weight", "lsg.image-image-weight")
        .readsIf(guided, "lsg.align-logits", "lsg.align-temperature", "lsg.prototype-scale")
        .readsIf(guided, "lsg.soft-labels", "lsg.schedule")
        .throughIf(guided, "lsg.mode", "lsg.prototype-term")
        .derivesIf(guided, "lsg.normalize-projection", all -> all.lsg().normalizesProjection())
        .derivesIf(guided, "lsg.prototype-weight", all -> all.lsg().prototypeFactor())
        .contents("head.marginal-file")
        // What a training from the head sees of samples, which model.json says.
        .reads("train.augmentation.crop-scale-min", "train.augmentation.flip")
        .reads("train.augmentation.views", "train.augmentation.rand-augment")
        .build();
  }
}
