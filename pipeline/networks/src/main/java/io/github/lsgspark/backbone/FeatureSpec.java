package io.github.lsgspark.backbone;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.lsgspark.config.FeaturesSettings.Pooling;
import java.io.Serializable;
import java.util.List;

/**
 * Features of several layers, side by side, and what is done with them: the input of a closed-form
 * head. Part of model.json.
 *
 * @param layers by name, in the order of their features
 * @param pooling how their outputs become vectors
 * @param transform of the vectors: "root-unit" or "unit", or "none" for the bare vectors
 * @param whitened whether the transform has a whitening matrix
 * @param frameTexts m texts decide how much a frame of a clip counts ({@link FrameAttention}); 0:
 *     all count alike
 * @param frameTemperature of their softmax
 */
public record FeatureSpec(
    @JsonProperty("layers") List<String> layers,
    @JsonProperty("pooling") Pooling pooling,
    @JsonProperty("transform") String transform,
    @JsonProperty("whitened") boolean whitened,
    @JsonProperty("frame_texts") @JsonInclude(JsonInclude.Include.NON_DEFAULT) int frameTexts,
    @JsonProperty("frame_temperature") @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        double frameTemperature)
    implements Serializable {

  /** The bare vectors. */
  public static final String NONE = "none";

  /** Centred, unit norm. */
  public static final String UNIT = "unit";

  /** Signed square root, centred, unit norm. */
  public static final String ROOT_UNIT = "root-unit";

  /** Checks the names. */
  public FeatureSpec {
    layers = layers == null ? List.of() : List.copyOf(layers);
    if (layers.isEmpty() || pooling == null || transform == null) {
      throw new IllegalArgumentException("features: layers, pooling and transform are needed");
    }
    if (!List.of(NONE, UNIT, ROOT_UNIT).contains(transform)) {
      throw new IllegalArgumentException(
          "features: transform must be none, unit or root-unit, but is " + transform);
    }
  }

  /** The bare vectors of layers. */
  public static FeatureSpec bare(List<String> layers, Pooling pooling) {
    return new FeatureSpec(layers, pooling, NONE, false, 0, 0);
  }

  /** The same of clips whose frames count by texts. */
  public FeatureSpec attending(int texts, double temperature) {
    return new FeatureSpec(layers, pooling, transform, whitened, texts, temperature);
  }

  /** Some of these layers, with a head's transform. */
  public FeatureSpec with(List<String> taken, String transformed, boolean whitens) {
    return new FeatureSpec(taken, pooling, transformed, whitens, frameTexts, frameTemperature);
  }

  boolean isOfVectors() {
    return layers.equals(List.of(LayerOutput.FEATURES));
  }

  boolean isBare() {
    return transform.equals(NONE);
  }
}
