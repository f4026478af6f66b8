package io.github.lsgspark.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.backbone.Backbones;
import io.github.lsgspark.backbone.FeatureSpec;
import io.github.lsgspark.backbone.PretrainedWeights;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.PixelSpec;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.config.TransferSettings;
import io.github.lsgspark.dataset.InputSpec;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What must be known of a trained model besides its tensors; the content of model.json.
 *
 * @param variant of the backbone, as its pretrained weights were
 * @param classes C
 * @param projector "none", "linear" or "mlp"
 * @param dimension D of the projection; 0 without projector
 * @param input what the network sees of samples
 * @param features layers whose outputs are the features, and their transform; null: the network's
 *     own features
 * @param second features of a second network of the same kind, whose tensors have a prefix: the
 *     model is the mean of two; null: it is one
 */
record ModelDescription(
    @JsonProperty("backbone") String backbone,
    @JsonProperty("variant") String variant,
    @JsonProperty("classes") int classes,
    @JsonProperty("projector") String projector,
    @JsonProperty("dimension") int dimension,
    @JsonProperty("input") InputSpec input,
    @JsonProperty("feature_scale") double featureScale,
    @JsonProperty("features") @JsonInclude(JsonInclude.Include.NON_NULL) FeatureSpec features,
    @JsonProperty("second") @JsonInclude(JsonInclude.Include.NON_NULL) FeatureSpec second)
    implements Serializable {

  /** A model of one network. */
  ModelDescription(
      String backbone,
      String variant,
      int classes,
      String projector,
      int dimension,
      InputSpec input,
      double featureScale,
      FeatureSpec features) {
    this(backbone, variant, classes, projector, dimension, input, featureScale, features, null);
  }

  /** Earlier versions wrote the backbone's name in capitals. */
  ModelDescription {
    if (backbone != null && backbone.equals(backbone.toUpperCase(Locale.ROOT))) {
      String small = backbone.toLowerCase(Locale.ROOT);
      backbone = Backbones.names().contains(small) ? small : small.replace('_', '-');
    }
  }

  /**
   * The model that a plan trains.
   *
   * @param weights it starts from; empty: drawn by the seed
   */
  static ModelDescription of(TrainingPlan plan, Optional<PretrainedWeights> weights) {
    TrainSettings train = plan.settings().train();
    TrainSettings.Normalization normalization = train.normalization();
    if (normalization == TrainSettings.Normalization.AUTO) {
      normalization =
          weights
              .map(PretrainedWeights::normalization)
              .orElse(TrainSettings.Normalization.IMAGENET);
    }
    String variant = weights.map(PretrainedWeights::variant).orElse("");
    Optional<PixelSpec> pixels = Backbones.pixels(train.backbone(), variant);
    return new ModelDescription(
        train.backbone(),
        variant,
        plan.labels().size(),
        projector(plan.settings(), plan.guide()),
        dimension(plan.settings(), plan.guide()),
        InputSpec.of(plan.settings(), normalization)
            .with(pixels)
            .hearing(Backbones.sound(train.backbone(), variant)),
        train.featureScale(),
        null);
  }

  /** The same model with a projector as a plan wants it. */
  ModelDescription guidedBy(TrainingPlan plan) {
    return new ModelDescription(
        backbone,
        variant,
        classes,
        projector(plan.settings(), plan.guide()),
        dimension(plan.settings(), plan.guide()),
        input,
        featureScale,
        features);
  }

  /** The same model with a second network beside its own. */
  ModelDescription beside(FeatureSpec other) {
    return new ModelDescription(
        backbone, variant, classes, projector, dimension, input, featureScale, features, other);
  }

  /** The projector that a training has: for the label graph, or for a method that projects. */
  static String projector(Settings settings, Optional<GuideInput> guide) {
    return guide.isPresent() || settings.train().transfer().projects()
        ? settings.lsg().projector().name().toLowerCase(Locale.ROOT)
        : Network.NONE;
  }

  /** Numbers of a projection: of a text, where there is a label graph. 0 without a projector. */
  static int dimension(Settings settings, Optional<GuideInput> guide) {
    TransferSettings transfer = settings.train().transfer();
    int alone = transfer.projects() ? transfer.projectionDimension() : 0;
    return guide.map(given -> given.graph().dimension()).orElse(alone);
  }

  /**
   * This, if a model can be made of it.
   *
   * @param source what to call model.json in errors
   * @param module whether a TorchScript file lies beside it
   * @throws LsgException exit 3 that names an entry that is missing or out of range
   */
  ModelDescription checked(String source, boolean module) {
    require(backbone != null, source, "backbone", "is missing");
    require(
        Backbones.names().contains(backbone),
        source,
        "backbone",
        "must be one of " + String.join(", ", Backbones.names()) + ", but is " + backbone);
    require(variant != null, source, "variant", "is missing");
    require(classes > 0, source, "classes", "must be above 0, but is " + classes);
    require(
        List.of(Network.NONE, "linear", "mlp").contains(String.valueOf(projector)),
        source,
        "projector",
        "must be none, linear or mlp, but is " + projector);
    require(
        projector.equals(Network.NONE) || dimension > 0,
        source,
        "dimension",
        "must be above 0, but is " + dimension);
    require(input != null, source, "input", "is missing");
    require(featureScale > 0, source, "feature_scale", "must be above 0, but is " + featureScale);
    if (Backbones.TORCHSCRIPT.equals(backbone) && !module) {
      throw LsgException.input(
          source
              + ": the backbone is a TorchScript module, but "
              + ModelFiles.MODULE
              + " is not there");
    }
    require(
        second == null || !Backbones.TORCHSCRIPT.equals(backbone),
        source,
        "second",
        "is not for a TorchScript module");
    return this;
  }

  private static void require(boolean holds, String source, String key, String why) {
    if (!holds) {
      throw LsgException.input(source + ": \"" + key + "\" " + why);
    }
  }

  /**
   * The network without its tensors.
   *
   * @param module content of the TorchScript file that it comes from; not looked at for others
   */
  Backbone network(byte[] module) {
    Backbone own = network(module, features);
    return second == null ? own : Backbones.paired(own, network(module, second));
  }

  /** Layers whose outputs the classifier sees; empty: the network's own features. */
  List<String> seen() {
    return features == null ? List.of() : features.layers();
  }

  private Backbone network(byte[] module, FeatureSpec spec) {
    Backbone network =
        Backbones.TORCHSCRIPT.equals(backbone)
            ? Backbones.ofModule(module, "the TorchScript backbone", input.shape())
            : Backbones.of(backbone, variant, input.shape());
    return spec == null ? network : Backbones.withFeatures(network, spec);
  }
}
