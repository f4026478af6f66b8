package io.github.lsgspark.training;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.backbone.Backbones;
import io.github.lsgspark.backbone.PretrainedWeights;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.dataset.ViewMaker;
import java.util.Locale;

/**
 * What must be known of a trained model besides its tensors; the content of model.json.
 *
 * @param variant of the backbone, as its pretrained weights were
 * @param classes C
 * @param projector "none", "linear" or "mlp"
 * @param dimension D of the projection; 0 without projector
 * @param normalization how pixels are scaled; never AUTO
 * @param cropScaleMin, resizeFactor, flip of the views it was trained on
 */
record ModelDescription(
    @JsonProperty("backbone") TrainSettings.Backbone backbone,
    @JsonProperty("variant") String variant,
    @JsonProperty("classes") int classes,
    @JsonProperty("projector") String projector,
    @JsonProperty("dimension") int dimension,
    @JsonProperty("image_size") int imageSize,
    @JsonProperty("normalization") TrainSettings.Normalization normalization,
    @JsonProperty("feature_scale") double featureScale,
    @JsonProperty("crop_scale_min") double cropScaleMin,
    @JsonProperty("resize_factor") double resizeFactor,
    @JsonProperty("flip") boolean flip) {

  /**
   * The model that a plan trains.
   *
   * @param weights it starts from; null: drawn by the seed
   */
  static ModelDescription of(TrainingPlan plan, PretrainedWeights weights) {
    TrainSettings train = plan.settings().train();
    TrainSettings.Normalization normalization = train.normalization();
    if (normalization == TrainSettings.Normalization.AUTO) {
      normalization =
          weights == null ? TrainSettings.Normalization.IMAGENET : weights.normalization();
    }
    return new ModelDescription(
        train.backbone(),
        weights == null ? "" : weights.variant(),
        plan.labels().size(),
        plan.guided()
            ? plan.settings().lsg().projector().name().toLowerCase(Locale.ROOT)
            : Network.NONE,
        plan.guided() ? plan.graph().dimension() : 0,
        train.imageSize(),
        normalization,
        train.featureScale(),
        train.augmentation().cropScaleMin(),
        train.augmentation().resizeFactor(),
        train.augmentation().flip());
  }

  /**
   * The network without its tensors.
   *
   * @param module content of the TorchScript file that it comes from; not looked at for others
   */
  Backbone network(byte[] module) {
    return backbone == TrainSettings.Backbone.TORCHSCRIPT
        ? Backbones.ofModule(module, "the TorchScript backbone", imageSize)
        : Backbones.of(backbone, variant, imageSize);
  }

  ViewMaker views() {
    return new ViewMaker(
        imageSize,
        normalization,
        new TrainSettings.AugmentationSettings(
            cropScaleMin,
            resizeFactor,
            flip,
            TrainSettings.Views.WEAK,
            new TrainSettings.RandAugmentSettings(0, 0, 1, 0)));
  }
}
