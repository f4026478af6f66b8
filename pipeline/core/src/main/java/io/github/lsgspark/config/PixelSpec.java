package io.github.lsgspark.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;

/**
 * How the images were prepared that a published network was trained on, as the file beside its
 * weights says it.
 *
 * @param mean of red, green and blue, for values from 0 to 1
 * @param deviation likewise
 * @param interpolation of the resizing, antialiased
 * @param keepsAspect whether a square is cut out of the middle; otherwise what is shown becomes a
 *     square whatever its proportions
 * @param share of the middle that is shown, above 0 to 1: of the shorter side, or of each side
 */
public record PixelSpec(
    @JsonProperty("mean") List<Double> mean,
    @JsonProperty("deviation") List<Double> deviation,
    @JsonProperty("interpolation") Interpolation interpolation,
    @JsonProperty("keeps_aspect") boolean keepsAspect,
    @JsonProperty("share") double share)
    implements Serializable {

  /** How images are resized. */
  public enum Interpolation {
    /** By a triangle, as wide as a step where the image shrinks. */
    BILINEAR,
    /** By cubic convolution with a = -1/2 (Keys 1981), likewise. */
    BICUBIC
  }

  /** Checks the values. */
  public PixelSpec {
    mean = mean == null ? List.of() : List.copyOf(mean);
    deviation = deviation == null ? List.of() : List.copyOf(deviation);
    if (mean.size() != 3 || deviation.size() != 3) {
      throw new IllegalArgumentException(
          "mean and deviation must have three numbers each, but were: " + mean + ", " + deviation);
    }
    if (mean.stream().anyMatch(m -> !Double.isFinite(m))
        || deviation.stream().anyMatch(d -> !(d > 0) || d.isInfinite())) {
      throw new IllegalArgumentException(
          "means must be numbers and deviations above 0, but were: " + mean + ", " + deviation);
    }
    if (interpolation == null || !(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "interpolation must be given and share be above 0 and at most 1, but was: " + share);
    }
  }

  /** In words, for logs. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s, %s, mean %s, deviation %s",
        interpolation.name().toLowerCase(Locale.ROOT),
        keepsAspect
            ? String.format(Locale.ROOT, "the middle %.3g of the shorter side", share)
            : share == 1
                ? "the whole image as a square"
                : String.format(Locale.ROOT, "the middle %.3g of each side as a square", share),
        mean,
        deviation);
  }
}
