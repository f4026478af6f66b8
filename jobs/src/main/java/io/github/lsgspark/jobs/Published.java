package io.github.lsgspark.jobs;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.TrainSettings.Keep;
import java.util.List;

/** The model that a run comes to: the trained one, the closed form, or what the stage keep made. */
final class Published {
  private Published() {}

  /** The stages that may make it; of each configuration one does. */
  static List<StageInput> inputs() {
    return List.of(
        StageInput.of("train")
            .onlyIf(
                all -> isTrained(all.settings()), "train.enabled = true and train.keep = trained"),
        StageInput.of("head")
            .onlyIf(all -> isHead(all.settings()), "train.enabled = false or train.keep = head"),
        StageInput.of("keep")
            .onlyIf(all -> KeepJob.isWanted(all.settings()), "train.keep = best or mean"));
  }

  /** The stage that makes it. */
  static Stage stage(Settings settings) {
    return KeepJob.isWanted(settings) ? Stages.KEEP : isHead(settings) ? Stages.HEAD : Stages.TRAIN;
  }

  private static boolean isTrained(Settings settings) {
    return settings.train().enabled() && settings.train().keep() == Keep.TRAINED;
  }

  private static boolean isHead(Settings settings) {
    return !settings.train().enabled() || settings.train().keep() == Keep.HEAD;
  }

  /** Its folder. */
  static String path(StageInputs inputs) {
    return inputs.path(stage(inputs.settings()).name());
  }
}
