package io.github.lsgspark.jobs.checks;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.backbone.Backbones;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.dataset.InputSpec;
import io.github.lsgspark.tower.TowerDirectory;
import java.util.Optional;

/** The network that is to be trained, without its weights. */
final class PlannedNetwork {
  private PlannedNetwork() {}

  /**
   * Makes it; the caller closes it.
   *
   * @return empty for a module of the user's, which tells what it is only when it is run, and for a
   *     network whose weights say what it is, where they do not lie in a directory
   * @throws io.github.lsgspark.config.LsgException exit 2 or 3 if it cannot be made
   */
  static Optional<Backbone> of(Plan plan, Settings settings) {
    TrainSettings train = settings.train();
    long[] views = InputSpec.of(settings, TrainSettings.Normalization.IMAGENET).shape();
    if (Backbones.TORCHSCRIPT.equals(train.backbone())) {
      return Optional.empty();
    }
    if (!Backbones.kind(train.backbone()).isOfItsWeights()) {
      return Optional.of(Backbones.of(train.backbone(), "", views));
    }
    return Optional.of(train.weights())
        .filter(path -> TowerDirectory.isDirectory(plan.files(), path))
        .map(path -> TowerDirectory.open(plan.files(), path).variant())
        .map(variant -> Backbones.of(train.backbone(), variant, views));
  }
}
