package io.github.lsgspark.training;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.backbone.Backbones;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SslSettings;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.config.TransferSettings;
import io.github.lsgspark.training.ssl.Strategies;
import java.util.Locale;
import java.util.Optional;

/** Settings of a training that go together, and those that do not. */
final class TrainingRequirements {
  private TrainingRequirements() {}

  /**
   * Holds settings against each other.
   *
   * @param weightsPath safetensors to start from; empty: none
   * @throws LsgException exit 2 if they do not go together
   */
  static void require(Settings settings, Optional<String> weightsPath) {
    requireDivisible(settings.train());
    requireStart(settings.train(), weightsPath);
    requireWeights(settings.train(), weightsPath);
    requirePasses(settings.ssl());
  }

  private static void requireDivisible(TrainSettings train) {
    int part = train.globalBatch() / train.accumulation();
    if (part * train.accumulation() != train.globalBatch()) {
      throw LsgException.usage(
          "train.global-batch = "
              + train.globalBatch()
              + " cannot be divided into train.accumulation = "
              + train.accumulation()
              + " parts");
    }
    requireRows(train, train.replicas());
  }

  /**
   * Every replica must have a row of every part of a step.
   *
   * @throws LsgException exit 2 if they are too many for that
   */
  static void requireRows(TrainSettings train, int replicas) {
    int images = train.globalBatch() / train.accumulation();
    if (replicas > images) {
      throw LsgException.usage(
          "train.global-batch = "
              + train.globalBatch()
              + (train.accumulation() > 1 ? " in " + train.accumulation() + " parts" : "")
              + " cannot be divided among "
              + replicas
              + " replicas; set train.replicas = "
              + Math.max(1, images)
              + " or less, or raise train.global-batch");
    }
  }

  private static void requireStart(TrainSettings train, Optional<String> weightsPath) {
    if (train.transfer().uses(TransferSettings.Method.L2_SP) && weightsPath.isEmpty()) {
      throw LsgException.usage(
          "train.transfer.methods with l2-sp needs train.weights: it is these that a training is to"
              + " stay near");
    }
    if (train.transfer().uses(TransferSettings.Method.CO_TUNING)) {
      requireSource(train, weightsPath);
    }
  }

  private static void requireSource(TrainSettings train, Optional<String> weightsPath) {
    String method = "train.transfer.methods with co-tuning ";
    if (weightsPath.isEmpty()) {
      throw LsgException.usage(
          method + "needs train.weights with the classifier that they were trained with");
    }
    if (train.backbone().equals(Backbones.TORCHSCRIPT)) {
      throw LsgException.usage(
          method + "is not for train.backbone = torchscript, whose classifier nothing names");
    }
    if (train.start() != TrainSettings.Start.RANDOM) {
      throw LsgException.usage(
          method
              + "needs train.start = random: the classifier of the source task sees the network's own"
              + " features, not the pooled layers of a head");
    }
  }

  private static void requireWeights(TrainSettings train, Optional<String> weightsPath) {
    if (!train.tuning().isWhole() && weightsPath.isEmpty()) {
      throw LsgException.usage(
          "train.tuning.method = "
              + train.tuning().method().name().toLowerCase(Locale.ROOT).replace('_', '-')
              + " needs train.weights: what is not trained keeps the values that it has, which would"
              + " be drawn");
    }
  }

  /**
   * A model to start from must have what settings tune, and see it.
   *
   * @throws LsgException exit 2 if it does not
   */
  static void requireTuned(Settings settings, InitialWeights weights) {
    if (weights.head().isEmpty()) {
      return;
    }
    ModelDescription description = weights.head().get().description();
    try (Backbone network = description.network(weights.content())) {
      var unused = Tuning.of(settings.train(), network, description.seen());
    }
  }

  private static void requirePasses(SslSettings ssl) {
    if (ssl.active() && ssl.propagation().enabled() && Strategies.of(ssl).isConsistency()) {
      throw LsgException.usage(
          "ssl.propagation is for ssl.strategy = pseudo-label and curriculum, which label all samples in a pass;"
              + " "
              + ssl.strategy()
              + " labels those of a step: set ssl.propagation.enabled = false");
    }
  }
}
