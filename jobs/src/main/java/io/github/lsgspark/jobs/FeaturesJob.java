package io.github.lsgspark.jobs;

import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.FeaturesSettings.Views;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.features.FeaturesStage;
import io.github.lsgspark.features.FrameTexts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** What a network that is not trained gives for every sample. */
final class FeaturesJob implements Stage {
  private static final StageReads<?> READS = declared();

  @Override
  public String name() {
    return "features";
  }

  @Override
  public int version() {
    return 3;
  }

  @Override
  public String help() {
    return "What the network gives for every sample before any training.";
  }

  @Override
  public String work() {
    return "run the network over all samples";
  }

  @Override
  public String amount(Loaded loaded) {
    Settings settings = loaded.settings();
    int named = settings.features().imageSize();
    int size = named == 0 ? settings.train().imageSize() : named;
    String views =
        switch (settings.features().views()) {
          case PLAIN -> "1 view";
          case MIRRORED -> "2 views";
          case CROPS -> 1 + settings.features().crops() + " views";
        };
    return "%s of each sample through %s%s"
        .formatted(
            views,
            settings.train().backbone(),
            settings.data().modality() == Modality.AUDIO ? "" : " at " + size + " px");
  }

  @Override
  public List<StageInput> inputs() {
    return List.of(
        StageInput.of("prepare"),
        StageInput.of("embed")
            .onlyIf(all -> FrameTexts.isWanted(all.settings()), "features.frames = attention"),
        pretrained());
  }

  /** The network of the configuration's pretrain block. */
  static StageInput pretrained() {
    return StageInput.of("train")
        .by(Conditions.PRETRAIN, RunSpec::pretraining)
        .onlyIf(
            all -> all.settings().train().weights().equals(Conditions.PRETRAIN),
            "train.weights = pretrain");
  }

  /** The file of weights that the network starts from, if there is one. */
  static Optional<String> weights(StageInputs inputs) {
    return inputs
        .find(Conditions.PRETRAIN)
        .map(folder -> folder + "/model.safetensors")
        .or(() -> Optional.of(inputs.settings().train().weights()).filter(path -> !path.isEmpty()));
  }

  @Override
  public List<StageReads<?>> reads() {
    return List.of(READS);
  }

  @Override
  public Map<String, String> writes() {
    return StageOutputs.of(
        "features/", "the features of each view of each sample",
        "rejected/", "samples whose features are no finite numbers",
        "features.json", "network, layers, where their features stand, and their means",
        "metrics.json", "counts and times");
  }

  @Override
  public boolean inRun(Loaded loaded) {
    return HeadJob.isWanted(loaded.settings());
  }

  @Override
  public void check(Loaded loaded) {
    FeaturesStage.check(loaded.settings());
    TrainSettings train = loaded.settings().train();
    if (FrameTexts.isWanted(loaded.settings())
        && train.enabled()
        && train.start() != TrainSettings.Start.HEAD) {
      throw LsgException.usage(
          "features.frames = attention is for heads and for trainings that start from one: set"
              + " train.start = head, or train.enabled = false");
    }
  }

  @Override
  public Loaded decided(Loaded loaded, MachineChoice machines) {
    return machines.inference(loaded);
  }

  @Override
  public void run(SparkSession session, StageInputs inputs, StageTarget target) {
    FeaturesStage.run(
        session,
        inputs.settings(),
        inputs.path("prepare"),
        weights(inputs),
        inputs.find("embed"),
        target.folder(),
        Optional.of(new Path(target.running()).getParent().toString()));
  }

  private static StageReads<?> declared() {
    Predicate<Settings> pretrained = all -> all.train().weights().equals(Conditions.PRETRAIN);
    Predicate<Settings> draws = all -> all.features().views() == Views.CROPS;
    return StageReads.settings()
        .reads("seed", "data.modality", "train.backbone", "train.partial-weights")
        .identifiesUnless(pretrained, "train.weights")
        .readsIf(all -> all.features().imageSize() == 0, "train.image-size")
        .reads("train.normalization", "train.augmentation.resize-factor")
        .readsIf(draws, "train.augmentation.crop-scale-min", "train.augmentation.flip")
        .readsIf(Conditions.of(Modality.VIDEO), "features.frames")
        .readsIf(
            Conditions.of(Modality.VIDEO).and(FrameTexts::isWanted), "features.frame-temperature")
        .reads("features.layers", "features.pooling", "features.views", "features.store")
        .readsIf(all -> all.features().imageSize() != 0, "features.image-size")
        .readsIf(draws, "features.crops")
        .derives("features.precision", FeaturesStage::isBfloat16)
        .resolvedIf(all -> true, Conditions.AUTO, "train.device")
        .readsIf(Conditions.onGpus(), "train.tf32")
        .readsIf(Conditions.of(Modality.AUDIO), "audio")
        .readsIf(Conditions.of(Modality.VIDEO), "video")
        .build();
  }
}
