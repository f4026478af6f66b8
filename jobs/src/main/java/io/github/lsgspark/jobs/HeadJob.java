package io.github.lsgspark.jobs;

import io.github.lsgspark.config.HeadSettings.LabelTexts;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.config.TrainSettings.Keep;
import io.github.lsgspark.config.TrainSettings.Start;
import io.github.lsgspark.training.HeadStage;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** A classifier in closed form on frozen features: a model like a trained one. */
final class HeadJob implements Stage {
  private static final StageReads<?> READS = declared();

  /** Whether {@code lsg run} makes it: it is the model, or the start of one, or its rival. */
  static boolean isWanted(Settings settings) {
    return settings.head().enabled() || isNeeded(settings);
  }

  /** Whether the model cannot be made without it. */
  static boolean isNeeded(Settings settings) {
    TrainSettings train = settings.train();
    return !train.enabled() || train.start() == Start.HEAD || train.keep() != Keep.TRAINED;
  }

  @Override
  public String name() {
    return "head";
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  public String help() {
    return "A classifier in closed form on the frozen features: seconds, and no training.";
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
        "prototypes.safetensors", "the texts of the classes, where it tells classes by name",
        "candidates.csv", "what leave-one-out says of everything that was tried",
        "metrics.json", "what was chosen, leave-one-out accuracy and cross-entropy, times");
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
    HeadStage.run(
        session,
        inputs.settings(),
        taken(inputs),
        target.folder());
  }

  private static boolean shuffles(Settings settings) {
    return HeadStage.takesTexts(settings) && settings.head().labelTexts() == LabelTexts.SHUFFLED;
  }

  /** The texts of the classes, for a head that reads them. */
  static StageInput texts() {
    return StageInput.of("embed")
        .onlyIf(
            all -> HeadStage.takesTexts(all.settings()),
            "head.text-prior or head.by-name asks for texts");
  }

  /** What the fit takes, of a stage that has the same inputs. */
  static HeadStage.Inputs taken(StageInputs inputs) {
    return new HeadStage.Inputs(
        inputs.path("prepare"),
        inputs.path("features"),
        inputs.find("embed"),
        FeaturesJob.weights(inputs));
  }

  private static StageReads<?> declared() {
    return StageReads.settings()
        .reads("head")
        .readsIf(HeadJob::shuffles, "seed")
        .contents("head.marginal-file")
        // What a training from the head sees of samples, which model.json says.
        .reads("train.augmentation.crop-scale-min", "train.augmentation.flip")
        .reads("train.augmentation.views", "train.augmentation.rand-augment")
        .build();
  }
}
