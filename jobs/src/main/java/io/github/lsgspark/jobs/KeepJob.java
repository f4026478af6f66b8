package io.github.lsgspark.jobs;

import io.github.lsgspark.backbone.Backbones;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.config.TrainSettings.Keep;
import io.github.lsgspark.training.KeepStage;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Which of the closed form, the training and the mean of both is the model. */
final class KeepJob implements Stage {
  private static final StageReads<?> READS = declared();

  /** Whether there is something to choose, or to join. */
  static boolean isWanted(Settings settings) {
    Keep keep = settings.train().keep();
    return settings.train().enabled() && (keep == Keep.BEST || keep == Keep.MEAN);
  }

  @Override
  public String name() {
    return "keep";
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  public String help() {
    return "Chooses among the closed form, the training and the mean of both.";
  }

  @Override
  public String work() {
    return "choose the model";
  }

  @Override
  public List<StageInput> inputs() {
    return List.of(
        StageInput.of("prepare"),
        StageInput.of("head"),
        StageInput.of("train"),
        StageInput.of("trials")
            .onlyIf(
                all -> TrialsJob.isWanted(all.settings()),
                "train.start = best or train.keep = best"));
  }

  @Override
  public List<StageReads<?>> reads() {
    return List.of(READS);
  }

  @Override
  public Map<String, String> writes() {
    return StageOutputs.of(
        "model.safetensors", "the model that is kept",
        "model-validation.safetensors, prototypes.safetensors", "of a training, where it has them",
        "model.torchscript.pt", "the network for serving",
        "model.json, labels.json", "what the network is, and its classes",
        "metrics.json", "what was kept, and how each model did");
  }

  @Override
  public boolean inRun(Loaded loaded) {
    return isWanted(loaded.settings());
  }

  @Override
  public void check(Loaded loaded) {
    TrainSettings train = loaded.settings().train();
    if (!isWanted(loaded.settings())) {
      throw LsgException.usage(
          "there is nothing to choose: lsg keep wants train.enabled = true and train.keep = best or"
              + " mean");
    }
    int size = loaded.settings().features().imageSize();
    if (train.keep() == Keep.MEAN) {
      if (train.backbone().equals(Backbones.TORCHSCRIPT)) {
        throw LsgException.usage("train.keep = mean is not for a TorchScript module");
      }
      if (size != 0 && size != train.imageSize()) {
        throw LsgException.usage(
            "train.keep = mean: one network sees images of one size, but train.image-size = "
                + train.imageSize()
                + " and features.image-size = "
                + size);
      }
    }
  }

  @Override
  public Loaded decided(Loaded loaded, MachineChoice machines) {
    return machines.training(loaded);
  }

  @Override
  public void run(SparkSession session, StageInputs inputs, StageTarget target) {
    KeepStage.run(
        session,
        inputs.settings(),
        new KeepStage.Inputs(
            inputs.path("prepare"),
            inputs.path("head"),
            inputs.path("train"),
            inputs.find("trials")),
        target.folder());
  }

  private static StageReads<?> declared() {
    return StageReads.settings().reads("train.keep").build();
  }
}
